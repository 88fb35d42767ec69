import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';
import type { Registry, StructureDefinitionSource } from '../registry.ts';

/** One element of a profile with what is said of it, its children by name and its slices by slice name. */
export interface ProfileNode {
  readonly name: string;
  element: JsonObject;
  readonly children: Map<string, ProfileNode>;
  readonly slices: Map<string, ProfileNode>;
}

const node = (name: string): ProfileNode => ({ name, element: {}, children: new Map(), slices: new Map() });

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const idOf = (element: JsonObject): string => {
  const id = text(element['id']);
  if (id !== '') return id;
  const slice = text(element['sliceName']);
  return `${text(element['path'])}${slice === '' ? '' : `:${slice}`}`;
};

/** Elements with their inheritance resolved: the snapshot, or the base profile's elements with the differential laid over. */
const elementsOf = (
  registry: Registry,
  source: StructureDefinitionSource,
  above: readonly string[],
): ReadonlyMap<string, JsonObject> => {
  const { snapshot, differential, baseDefinition } = source;
  const own = isObject(snapshot) ? snapshot['element'] : isObject(differential) ? differential['element'] : undefined;
  const elements = new Map<string, JsonObject>();
  if (!isObject(snapshot) && typeof baseDefinition === 'string') {
    if (above.includes(baseDefinition)) throw new Error(`profile ${baseDefinition} is derived from itself`);
    const base = registry.structureDefinition(baseDefinition);
    if (base !== undefined) {
      for (const [id, element] of elementsOf(registry, base, [...above, baseDefinition])) elements.set(id, element);
    }
  }
  for (const element of listOf(own).filter(isObject)) {
    const id = idOf(element);
    const inherited = elements.get(id);
    const constraint = [...listOf(inherited?.['constraint']), ...listOf(element['constraint'])];
    elements.set(id, { ...inherited, ...element, ...(constraint.length > 0 && { constraint }) });
  }
  return elements;
};

/** The profile as a tree that mirrors the resource; slices hang on the element they slice. */
export const profileTree = (registry: Registry, source: StructureDefinitionSource): ProfileNode => {
  const root = node(source.type);
  for (const [id, element] of elementsOf(registry, source, [source.url])) {
    let at = root;
    for (const segment of id.split('.').slice(1)) {
      const colon = segment.indexOf(':');
      const name = colon < 0 ? segment : segment.slice(0, colon);
      const child: ProfileNode = at.children.get(name) ?? node(name);
      at.children.set(name, child);
      at = child;
      if (colon < 0) continue;
      // `a/b` is a slice of the slice `a` (profiling.html#reslicing).
      for (const sliceName of segment.slice(colon + 1).split('/')) {
        const slice: ProfileNode = at.slices.get(sliceName) ?? node(name);
        at.slices.set(sliceName, slice);
        at = slice;
      }
    }
    at.element = element;
  }
  return root;
};
