import type { Registry, SearchParameterDefinition, SearchParameterType } from '../conformance/registry.ts';
import { isObject, type JsonObject } from '../fhir/resource.ts';
import { type ElementPath, elementPaths } from './element-path.ts';
import type { Emit } from './emit.ts';
import type { IndexValue } from './index-values.ts';
import { PathTree } from './path-tree.ts';

interface Component {
  readonly below: PathTree;
  /** Paths that begin at the resource: `%resource.…`. */
  readonly beside: PathTree;
}

/** The name under which the n-th component's values of a composite parameter are written. */
export const componentParam = (composite: string, component: number): string => `${composite}$${component}`;

/**
 * Writes a composite parameter: for each element its expression selects, the values of every component, together in one
 * group. Elements that lack one of the components are left out, for nothing can match them.
 */
export const compositeWriter = (
  registry: Registry,
  type: string,
  definition: SearchParameterDefinition,
  emitFor: (search: SearchParameterType, element: string) => Emit | undefined,
): ((resource: JsonObject, out: IndexValue[]) => void) => {
  const selections = (elementPaths(registry, type, definition.expression) ?? []).map((base) => {
    const components = definition.components.map((component, n) => {
      const param = componentParam(definition.code, n);
      // R4 writes the expressions of DocumentReference's `relationship` crosswise; the type tells which one is meant.
      const others = definition.components.map((other) => other.expression);
      for (const expression of [component.expression, ...others]) {
        const paths = elementPaths(registry, base.type, expression) ?? [];
        const part = componentPart(paths, param, (element) => emitFor(component.type, element));
        if (part) return part;
      }
      return { below: new PathTree(), beside: new PathTree() };
    });
    const found: JsonObject[] = [];
    const tree = new PathTree();
    tree.add(base.steps, definition.code, (element) => {
      if (isObject(element)) found.push(element);
    });
    return { components, found, tree };
  });
  return (resource, out) => {
    let group = 0;
    for (const { components, found, tree } of selections) {
      tree.walk(resource, resource, out);
      for (const element of found) if (writeGroup(components, element, resource, group, out)) group += 1;
      found.length = 0;
    }
  };
};

/** Undefined where no path ends at an element that the component's type can be written out from. */
const componentPart = (
  paths: readonly ElementPath[],
  param: string,
  emitFor: (element: string) => Emit | undefined,
): Component | undefined => {
  const part = { below: new PathTree(), beside: new PathTree() };
  let any = false;
  for (const path of paths) {
    const emit = emitFor(path.type);
    if (emit === undefined) continue;
    any = true;
    (path.fromResource ? part.beside : part.below).add(path.steps, param, emit);
  }
  return any ? part : undefined;
};

/** The whole group or nothing of it; says which. */
const writeGroup = (
  components: readonly Component[],
  element: JsonObject,
  resource: JsonObject,
  group: number,
  out: IndexValue[],
): boolean => {
  const from = out.length;
  // The last component is the value, the one most often missing: then nothing has been written yet.
  for (let n = components.length - 1; n >= 0; n -= 1) {
    const before = out.length;
    components[n]?.below.walk(element, resource, out);
    components[n]?.beside.walk(resource, resource, out);
    if (out.length > before) continue;
    if (before > from) out.length = from;
    return false;
  }
  for (let at = from; at < out.length; at += 1) {
    const value = out[at];
    if (value) out[at] = grouped(value, group);
  }
  return true;
};

/** Components take no modifiers, so a token's text is of no use there. The frequent kinds are spelled out: spreading is slow. */
const grouped = (value: IndexValue, group: number): IndexValue => {
  if (value.kind === 'token') {
    return { kind: 'token', param: value.param, group, system: value.system, code: value.code };
  }
  if (value.kind !== 'quantity' || value.canonical === undefined) return { ...value, group };
  const { param, low, high, system, code, unit, canonical } = value;
  return { kind: 'quantity', param, group, value: value.value, low, high, system, code, unit, canonical };
};
