import type { Registry } from '../conformance/registry.ts';
import { isObject, isResource, type Json, listOf, type Resource } from '../fhir/resource.ts';
import type { IndexValue } from './index-values.ts';
import type { Predicate } from './query.ts';

/** The pseudo parameter under which a resource says what it contains: types, and types by the parameters that refer to them. */
const MARKER = '#contained';
/** `[parameter]#[type]`: contained resources of a type to which one parameter of their container refers. */
export const linkOf = (reference: string, type: string): string => `${reference}#${type}`;

/** The pseudo parameter under which a container holds values of what it contains: those of all of a type, or of a link, together. */
export const heldUnder = (held: string, param: string): string => `${held.includes('#') ? '' : '#'}${held}.${param}`;

/** Containers of some resource of a type or of a link. */
export const containsSome = (held: string): Predicate => ({
  kind: 'token',
  param: MARKER,
  match: { by: 'code', code: held },
});

const PUBLISHED = 'http://hl7.org/fhir/SearchParameter/';

/**
 * Only the specification's own parameters: one added later would be missing in containers until $reindex of all of
 * their types, and could not be told from one that has no value.
 */
export const isWritten = (registry: Registry, type: string, param: string): boolean =>
  registry
    .searchParameters(type)
    .get(param.split(':', 1)[0] ?? param)
    ?.url.startsWith(PUBLISHED) ?? false;

/**
 * Writes what the resources contained in a resource are found by: for `_contained` searches by their type, for chains
 * by the parameters that refer to them. A Bundle's first entry is followed by chains alone.
 */
export const containedWriter =
  (registry: Registry, extract: (resource: Resource) => readonly IndexValue[]) =>
  (resource: Resource, out: IndexValue[]): void => {
    if (resource.resourceType === 'Bundle') {
      writeFirstEntry(registry, extract, resource, out);
      return;
    }
    const contained = resource['contained'];
    if (contained === undefined) return;
    const links = fragmentLinks(registry, resource.resourceType, out);
    const marked = new Set<string>();
    for (const inner of listOf(contained)) {
      if (!isResource(inner) || !registry.isResourceType(inner.resourceType)) continue;
      const { resourceType: type, id } = inner;
      const values = heldValues(registry, extract, inner);
      const holders = [type, ...(links.get(`#${id}`) ?? []).map((param) => linkOf(param, type))];
      for (const held of holders) {
        if (!marked.has(held)) out.push(marker(held));
        marked.add(held);
        for (const value of values) out.push(under(held, value));
      }
      if (typeof id === 'string') out.push({ kind: 'token', param: heldUnder(type, '_id'), system: null, code: id });
    }
  };

const marker = (held: string): IndexValue => ({ kind: 'token', param: MARKER, system: null, code: held });
const under = (held: string, value: IndexValue): IndexValue =>
  ({ ...value, param: heldUnder(held, value.param) }) as IndexValue;

const heldValues = (
  registry: Registry,
  extract: (resource: Resource) => readonly IndexValue[],
  inner: Resource,
): readonly IndexValue[] =>
  extract(inner).filter(
    ({ kind, param, group }) =>
      kind !== 'fulltext' && group === undefined && isWritten(registry, inner.resourceType, param),
  );

/** Parameters of a Bundle that are about its first entry, and give "access to search its contents" (bundle.html). */
const FIRST_ENTRY = ['composition', 'message'];

/** A Composition or MessageHeader, which need not be stored besides. */
function writeFirstEntry(
  registry: Registry,
  extract: (resource: Resource) => readonly IndexValue[],
  bundle: Resource,
  out: IndexValue[],
): void {
  const [first] = listOf(bundle['entry']);
  const inner: Json | undefined = isObject(first) ? first['resource'] : undefined;
  if (!isResource(inner)) return;
  const definitions = registry.searchParameters('Bundle');
  for (const param of FIRST_ENTRY) {
    if (!definitions.get(param)?.targets.includes(inner.resourceType)) continue;
    const held = linkOf(param, inner.resourceType);
    out.push(marker(held));
    for (const value of heldValues(registry, extract, inner)) out.push(under(held, value));
  }
}

/** The container's reference parameters by the fragment that they refer to. */
function fragmentLinks(
  registry: Registry,
  type: string,
  values: readonly IndexValue[],
): ReadonlyMap<string, readonly string[]> {
  const links = new Map<string, string[]>();
  for (const value of values) {
    if (value.kind !== 'reference' || !value.url?.startsWith('#') || value.group !== undefined) continue;
    if (!isWritten(registry, type, value.param)) continue;
    const params = links.get(value.url) ?? [];
    if (!params.includes(value.param)) params.push(value.param);
    links.set(value.url, params);
  }
  return links;
}
