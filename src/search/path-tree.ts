import { isObject, type Json, type JsonObject } from '../fhir/resource.ts';
import { referencedType } from '../fhir/reference.ts';
import type { Filter, Step } from './element-path.ts';
import type { Emit } from './emit.ts';
import type { IndexValue } from './index-values.ts';

interface Node {
  readonly property: string;
  readonly filters: readonly Filter[];
  readonly emits: { readonly param: string; readonly emit: Emit }[];
  readonly children: Node[];
}

/** The paths of many parameters as one tree, so that each property is read once however many parameters look at it. */
export class PathTree {
  readonly #root: Node = { property: '', filters: [], emits: [], children: [] };

  add(steps: readonly Step[], param: string, emit: Emit): void {
    let node = this.#root;
    for (const { property, filters } of steps) {
      const key = JSON.stringify(filters);
      let child = node.children.find((it) => it.property === property && JSON.stringify(it.filters) === key);
      if (child === undefined) {
        child = { property, filters, emits: [], children: [] };
        node.children.push(child);
      }
      node = child;
    }
    node.emits.push({ param, emit });
  }

  /** Emits for everything below `element`; `resource` holds what contained references point at. */
  walk(element: JsonObject, resource: JsonObject, out: IndexValue[]): void {
    for (const { param, emit } of this.#root.emits) emit(element, param, out);
    descend(this.#root, element, resource, out);
  }
}

const descend = (node: Node, element: JsonObject, resource: JsonObject, out: IndexValue[]): void => {
  for (const child of node.children) {
    const value = element[child.property];
    if (value === undefined || value === null) continue;
    if (!Array.isArray(value)) visit(child, value as Json, 0, resource, out);
    else for (let at = 0; at < value.length; at += 1) visit(child, value[at], at, resource, out);
  }
};

const visit = (node: Node, item: Json, at: number, resource: JsonObject, out: IndexValue[]): void => {
  if (item === null) return;
  for (const filter of node.filters) if (!passes(filter, item, at, resource)) return;
  for (const { param, emit } of node.emits) emit(item, param, out);
  if (node.children.length > 0 && isObject(item)) descend(node, item, resource, out);
};

const passes = (filter: Filter, item: Json, at: number, resource: JsonObject): boolean => {
  switch (filter.kind) {
    case 'index':
      return filter.index === at;
    case 'equals':
      return isObject(item) && item[filter.property] === filter.value;
    case 'refers-to':
      return typeReferredTo(item, resource) === filter.type;
    default:
      return filter satisfies never;
  }
};

/** `resolve() is T` without resolving: by the reference's text, the contained resource, or Reference.type. */
const typeReferredTo = (item: Json, resource: JsonObject): string | undefined => {
  if (typeof item === 'string') return referencedType(item);
  if (!isObject(item)) return undefined;
  const stated = typeof item['type'] === 'string' ? item['type'] : undefined;
  const text = item['reference'];
  if (typeof text !== 'string') return stated;
  if (!text.startsWith('#')) return referencedType(text) ?? stated;
  const contained = Array.isArray(resource['contained']) ? resource['contained'] : [];
  const target = contained.find((it: Json) => isObject(it) && it['id'] === text.slice(1));
  return isObject(target) && typeof target['resourceType'] === 'string' ? target['resourceType'] : stated;
};
