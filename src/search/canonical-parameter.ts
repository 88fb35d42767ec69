import type { Registry, SearchParameterDefinition } from '../conformance/registry.ts';
import { elementPaths } from './element-path.ts';

const cache = new WeakMap<SearchParameterDefinition, boolean>();

/** Whether a reference parameter is about canonicals (references.html#canonical), all or some of its elements. */
export const isCanonicalParameter = (
  registry: Registry,
  type: string,
  definition: SearchParameterDefinition,
): boolean => {
  const known = cache.get(definition);
  if (known !== undefined) return known;
  const paths = definition.type === 'reference' ? (elementPaths(registry, type, definition.expression) ?? []) : [];
  const found = paths.some((path) => path.type === 'canonical');
  cache.set(definition, found);
  return found;
};
