import { type GraphQLFieldConfigArgumentMap, GraphQLInt, GraphQLString } from 'graphql';
import type { Registry, TypeDefinition } from '../../src/conformance/registry.ts';
import { typeModel } from '../../src/conformance/type-model.ts';
import { compile } from '../../src/fhir/fhirpath/compile.ts';
import { withinTime } from '../../src/fhir/fhirpath/time-limit.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isObject, type Json } from '../../src/fhir/resource.ts';
import { Value } from './scalars.ts';

const NAVIGATION: GraphQLFieldConfigArgumentMap = {
  fhirpath: { type: GraphQLString },
  _offset: { type: GraphQLInt },
  _count: { type: GraphQLInt },
};
export const EVALUATION_MS = 250;
const RESERVED = new Set(Object.keys(NAVIGATION));

/** The arguments of a repeating element (graphql.html#list): its primitive members as filters, FHIRPath, and a window. */
export function listArguments(
  definition: TypeDefinition | undefined,
  isPrimitive: (type: string) => boolean,
): GraphQLFieldConfigArgumentMap {
  if (definition === undefined || definition.kind === 'primitive-type') return NAVIGATION;
  const filters = definition.elements
    .filter(({ name, choice, types }) => !choice && !RESERVED.has(name) && isPrimitive(types[0] ?? ''))
    .map(({ name }) => [name, { type: Value }]);
  return { ...Object.fromEntries(filters), ...NAVIGATION };
}

const models = new WeakMap<Registry, ReturnType<typeof typeModel>>();

export function modelOf(registry: Registry): ReturnType<typeof typeModel> {
  const model = models.get(registry) ?? typeModel(registry);
  models.set(registry, model);
  return model;
}

/** The items that an element's arguments select. Throws Problem `invalid` for a window or FHIRPath that is none. */
export function selected(
  registry: Registry,
  type: string,
  items: readonly Json[],
  args: Readonly<Record<string, unknown>>,
): readonly Json[] {
  let kept = items;
  for (const [name, wanted] of Object.entries(args)) {
    if (RESERVED.has(name) || wanted === null || wanted === undefined) continue;
    kept = kept.filter((item) => isObject(item) && holds(item[name], String(wanted)));
  }
  const { fhirpath, _offset: offset = 0, _count: count } = args;
  if (typeof fhirpath === 'string') {
    const path = compile(fhirpath);
    const model = modelOf(registry);
    const before = kept;
    kept = withinTime(EVALUATION_MS, 'fhirpath', () =>
      before.filter((item) => path.test(item, { type, model }) === true),
    );
  }
  const from = window('_offset', offset ?? 0);
  return kept.slice(from, count === undefined || count === null ? undefined : from + window('_count', count));
}

const holds = (value: Json | undefined, wanted: string): boolean =>
  Array.isArray(value)
    ? value.some((item) => String(item) === wanted)
    : value !== undefined && String(value) === wanted;

function window(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new Problem('invalid', `${name} must not be negative`, { expression: [name] });
}
