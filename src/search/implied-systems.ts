import type { ElementDefinition, Registry, SearchParameterDefinition } from '../conformance/registry.ts';
import { elementPaths } from './element-path.ts';

/** The systems that the elements behind a token parameter imply, where all of them are codes or booleans. */
export interface Implied {
  /** Whether the code (any, where undefined) is one of the system's in the implied value sets. */
  holds(system: string, code: string | undefined): boolean;
}

const SPECIAL_VALUES = 'http://hl7.org/fhir/special-values';
const cache = new WeakMap<SearchParameterDefinition, { readonly implied: Implied | undefined }>();

/** Undefined where the elements state their systems themselves (search.html#token, the table of implicit systems). */
export const impliedSystems = (
  registry: Registry,
  type: string,
  definition: SearchParameterDefinition,
): Implied | undefined => {
  const seen = cache.get(definition);
  if (seen) return seen.implied;
  const implied = find(registry, type, definition.expression);
  cache.set(definition, { implied });
  return implied;
};

const find = (registry: Registry, type: string, expression: string): Implied | undefined => {
  const paths = elementPaths(registry, type, expression);
  if (paths === undefined || paths.length === 0) return undefined;
  if (paths.every((path) => path.type === 'boolean')) return { holds: (system) => system === SPECIAL_VALUES };
  if (!paths.every((path) => path.type === 'code')) return undefined;
  const valueSets = paths.flatMap(({ steps }) => {
    const parent = steps.at(-2)?.type ?? type;
    const element = registry.type(parent)?.elements.find((it: ElementDefinition) => it.name === steps.at(-1)?.property);
    return element?.binding ? [element.binding.valueSet] : [];
  });
  return {
    holds: (system, code) =>
      valueSets.some((url) => {
        const set = registry.valueSet(url);
        // Sets defined by reference, such as media types, are not listed here: their system is taken on trust.
        if (set === undefined) return true;
        const codes = set.codes.get(system);
        return codes !== undefined && (code === undefined || codes.has(code) || !set.complete);
      }),
  };
};
