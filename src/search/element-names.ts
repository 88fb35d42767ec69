import type { ElementDefinition, Registry } from '../conformance/registry.ts';
import { refuse } from './asked.ts';
import { nearest } from './suggestion.ts';

/**
 * What `_elements` names (search.html#elements), each as `element` or `Type.element`. Clients write a choice as `value`,
 * `value[x]` or `valueQuantity`, and a path into an element for the element; all of them give the element whole.
 * @throws Problem `invalid-search` where a name is no element of any of the types
 */
export const elementsNamed = (
  registry: Registry,
  types: readonly string[],
  name: string,
  value: string,
): readonly string[] =>
  value.split(',').map((it) => {
    const written = it.trim();
    if (!/^[A-Za-z][A-Za-z0-9]*(?:\[x\])?(?:\.[A-Za-z0-9]+(?:\[x\])?)*$/.test(written))
      return refuse(name, `'${written}' is no element name`);
    const [first = '', ...inner] = written.split('.');
    if (written === 'resourceType') return written;
    const owner = registry.isResourceType(first) && inner.length > 0 ? first : undefined;
    const path = owner === undefined ? [first, ...inner] : inner;
    for (const type of owner === undefined ? types : [owner]) {
      const root = rootOf(registry, type, path);
      if (root !== undefined) return owner === undefined ? root : `${owner}.${root}`;
    }
    return unknown(registry, owner === undefined ? types : [owner], name, written, path);
  });

/** The element of the type that the path begins with, where all of the path leads through elements. */
const rootOf = (registry: Registry, type: string, [first = '', ...inner]: readonly string[]): string | undefined => {
  const element = registry.type(type)?.elements.find((it) => isNamed(it, first));
  return element !== undefined && leads(registry, element, inner) ? element.name : undefined;
};

const leads = (registry: Registry, { types }: ElementDefinition, path: readonly string[]): boolean => {
  let owners = new Set(types);
  for (const written of path) {
    // What a resource within holds depends on its type.
    if (owners.has('Resource')) return true;
    const elements = [...owners].flatMap((type) => registry.type(type)?.elements ?? []);
    owners = new Set(elements.filter((it) => isNamed(it, written)).flatMap((it) => it.types));
    if (owners.size === 0) return false;
  }
  return true;
};

const isNamed = ({ name, choice, types }: ElementDefinition, written: string): boolean =>
  written === name || (choice && (written === `${name}[x]` || types.some((type) => written === name + capital(type))));

const capital = (type: string): string => type.slice(0, 1).toUpperCase() + type.slice(1);

const unknown = (
  registry: Registry,
  types: readonly string[],
  name: string,
  written: string,
  [first = '']: readonly string[],
): never => {
  const known = new Set(types.flatMap((type) => registry.type(type)?.elements.map((it) => it.name) ?? []));
  const near = known.has(first) ? undefined : nearest(first, known);
  const among = types.length > 3 ? `any of ${types.length} types` : types.join(', ');
  return refuse(name, `'${written}' is no element of ${among}${near === undefined ? '' : `; did you mean '${near}'?`}`);
};
