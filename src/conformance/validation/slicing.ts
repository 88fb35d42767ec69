import { referencedType } from '../../fhir/reference.ts';
import { isObject, listOf } from '../../fhir/resource.ts';
import type { Compiler } from './compiler.ts';
import type { Instance } from './instance.ts';
import { type Expected, expectedOf, meets } from './pattern.ts';
import type { ProfileNode } from './profile-tree.ts';
import type { Run } from './run.ts';

/** Whether an occurrence belongs to a slice. */
export type Matcher = (instance: Instance, run: Run, depth: number) => boolean;

interface Discriminator {
  readonly type: string;
  readonly path: string;
}

/** Discriminators as stated, or those that FHIR implies for extensions and choices (profiling.html#slicing). */
const discriminatorsOf = (sliced: ProfileNode): readonly Discriminator[] => {
  const slicing = sliced.element['slicing'];
  const stated = listOf(isObject(slicing) ? slicing['discriminator'] : undefined).filter(isObject);
  if (stated.length > 0) return stated.map(({ type, path }) => ({ type: String(type), path: String(path) }));
  if (/^(modifierE|e)xtension$/.test(sliced.name)) return [{ type: 'value', path: 'url' }];
  return sliced.name.endsWith('[x]') ? [{ type: 'type', path: '$this' }] : [];
};

const steps = (path: string): readonly string[] =>
  path.split(/\.(?![^(]*\))/).filter((step) => step !== '$this' && step !== '' && !step.startsWith('ofType('));

const extensionUrl = (step: string): string | undefined => /^extension\(['"](.*)['"]\)$/.exec(step)?.[1];

/** Values at a discriminator's path below a value. */
const valuesAt = (value: unknown, path: readonly string[]): readonly unknown[] => {
  const [step, ...rest] = path;
  if (step === undefined) return [value];
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (!isObject(value)) return [];
  const url = extensionUrl(step);
  const next =
    url === undefined
      ? (value[step] ??
        Object.entries(value).find(([name]) => name.startsWith(step) && /^[A-Z]/.test(name.slice(step.length)))?.[1])
      : listOf(value['extension']).filter((it) => isObject(it) && it['url'] === url);
  return next === undefined ? [] : listOf(next).flatMap((item) => valuesAt(item, rest));
};

/** The definition at a discriminator's path below a slice, or what a pattern above it says there. */
const definitionAt = (slice: ProfileNode, path: readonly string[]): { node?: ProfileNode; expected?: Expected } => {
  let node: ProfileNode | undefined = slice;
  for (const [at, step] of path.entries()) {
    const above = expectedOf(node.element);
    if (above !== undefined) {
      const inner = valuesAt(above.value, path.slice(at))[0];
      return inner === undefined ? {} : { expected: { kind: 'pattern', value: inner } };
    }
    const url = extensionUrl(step);
    const children: ReadonlyMap<string, ProfileNode> = node.children;
    const child = children.get(step) ?? children.get(`${step}[x]`);
    node =
      url === undefined
        ? child
        : [...(children.get('extension')?.slices.values() ?? [])].find((it) => profilesOf(it).includes(url));
    // A repeating element whose only description is one of its own slices.
    if (node !== undefined && node.slices.size === 1 && node.children.size === 0) node = [...node.slices.values()][0];
    if (node === undefined) return {};
  }
  const expected = expectedOf(node.element);
  return { node, ...(expected && { expected }) };
};

export const typesOf = ({ element }: ProfileNode): readonly string[] =>
  listOf(element['type']).flatMap((type) => (isObject(type) && typeof type['code'] === 'string' ? [type['code']] : []));

export const profilesOf = ({ element }: ProfileNode): readonly string[] =>
  listOf(element['type'])
    .flatMap((type) => (isObject(type) ? listOf(type['profile']) : []))
    .filter((it) => typeof it === 'string');

const targetsOf = ({ element }: ProfileNode): readonly string[] =>
  listOf(element['type'])
    .flatMap((type) => (isObject(type) ? listOf(type['targetProfile']) : []))
    .map((url) => String(url).replace(/^.*\//, ''));

const typeMatcher = (slice: ProfileNode, path: readonly string[]): Matcher | undefined => {
  const resolves = path.at(-1) === 'resolve()';
  const steps = resolves ? path.slice(0, -1) : path;
  const { node } = definitionAt(slice, steps);
  const wanted = node === undefined ? [] : resolves ? targetsOf(node) : typesOf(node);
  if (wanted.length === 0) return undefined;
  return ({ value, type }) =>
    valuesAt(value, steps).some((found) => {
      if (resolves) {
        const reference = isObject(found) ? found['reference'] : undefined;
        return typeof reference === 'string' && wanted.includes(referencedType(reference) ?? '');
      }
      const actual = isObject(found) && typeof found['resourceType'] === 'string' ? found['resourceType'] : type;
      return wanted.includes(actual);
    });
};

const matcherFor = (compiler: Compiler, slice: ProfileNode, { type, path }: Discriminator): Matcher | undefined => {
  const route = steps(path);
  if (type === 'type') return typeMatcher(slice, route);
  if (route.includes('resolve()')) return undefined;
  const { node, expected } = definitionAt(slice, route);
  if (type === 'profile') {
    const urls = node === undefined ? [] : profilesOf(node);
    const known = urls.flatMap((url) => compiler.profile(url) ?? []);
    if (known.length === 0) return undefined;
    return ({ value }, run, depth) =>
      valuesAt(value, route).some((found) =>
        known.some(({ check }) => {
          const apart = run.apart(depth);
          check(found, apart, depth);
          return apart.errors === 0;
        }),
      );
  }
  if (type === 'exists') {
    if (node === undefined) return undefined;
    const absent = node.element['max'] === '0';
    return ({ value }) => valuesAt(value, route).length > 0 !== absent;
  }
  if (expected !== undefined) return ({ value }) => valuesAt(value, route).some((found) => meets(found, expected));
  if (path === 'url') {
    const [url] = profilesOf(slice);
    if (url !== undefined) return ({ value }) => isObject(value) && value['url'] === url.split('|', 1)[0];
  }
  const binding = node?.element['binding'];
  const canonical = isObject(binding) && binding['strength'] === 'required' ? binding['valueSet'] : undefined;
  const set = typeof canonical === 'string' ? compiler.registry.valueSet(canonical) : undefined;
  if (set === undefined) return undefined;
  const codes = new Set([...set.codes.values()].flatMap((members) => [...members]));
  return ({ value }) =>
    valuesAt(value, route)
      .flatMap((found) => (isObject(found) ? valuesAt(found, ['coding', 'code']).concat(found['code'] ?? []) : [found]))
      .some((code) => typeof code === 'string' && codes.has(code));
};

/** Matcher of one slice: all of its discriminators that can be decided from the resource alone; undefined where none can. */
export const sliceMatcher = (compiler: Compiler, sliced: ProfileNode, slice: ProfileNode): Matcher | undefined => {
  const matchers = discriminatorsOf(sliced).flatMap((it) => matcherFor(compiler, slice, it) ?? []);
  if (matchers.length === 0) return undefined;
  return (instance, run, depth) => matchers.every((matches) => matches(instance, run, depth));
};
