import {
  type FieldNode,
  getArgumentValues,
  GraphQLDirective,
  DirectiveLocation,
  GraphQLString,
  type GraphQLResolveInfo,
} from 'graphql';
import type { Registry } from '../../src/conformance/registry.ts';
import { compile } from '../../src/fhir/fhirpath/compile.ts';
import { withinTime } from '../../src/fhir/fhirpath/time-limit.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { Json } from '../../src/fhir/resource.ts';
import { EVALUATION_MS, modelOf } from './list-arguments.ts';
import type { Reads } from './reads.ts';

/** graphql.html#flattening, which calls its argument `fhirpath` in the text and `path` in the examples. */
export const SLICE = new GraphQLDirective({
  name: 'slice',
  description:
    'Adds a dot and the result of a FHIRPath on each item, or $index, to its name; of a flattened field, to the names within.',
  locations: [DirectiveLocation.FIELD],
  args: { fhirpath: { type: GraphQLString }, path: { type: GraphQLString } },
});

const sliceOf = ({ directives = [] }: FieldNode) => directives.find(({ name }) => name.value === SLICE.name);
export const isSliced = (node: FieldNode): boolean => sliceOf(node) !== undefined;

/** The place of an item or field in the answer. */
export const placeOf = (path: readonly (string | number)[]): string => path.join('/');

/** Remembers what @slice makes of the items that a field is answered with; shape.ts puts it into the names. */
export function slice(
  registry: Registry,
  type: string,
  items: readonly Json[],
  reads: Reads,
  info: GraphQLResolveInfo,
) {
  const [node] = info.fieldNodes.flatMap((field) => sliceOf(field) ?? []);
  if (node === undefined) return;
  const stated = Object.values(getArgumentValues(SLICE, node, info.variableValues)).filter((it) => it !== null);
  const [expression] = stated;
  if (typeof expression !== 'string' || stated.length > 1)
    throw new Problem('invalid', '@slice takes one FHIRPath: @slice(fhirpath: "use")', { expression: ['query'] });
  const keys =
    expression === '$index' ? items.map((_, at) => String(at)) : evaluated(registry, type, items, expression);
  reads.slices.set(placeOf(steps(info.path)), keys);
}

function evaluated(registry: Registry, type: string, items: readonly Json[], expression: string): readonly string[] {
  const path = compile(expression);
  const environment = { type, model: modelOf(registry) };
  return withinTime(EVALUATION_MS, 'fhirpath', () =>
    items.map((item) =>
      path
        .evaluate(item, environment)
        .map(({ value }) => (typeof value === 'object' ? '' : String(value)))
        .join(','),
    ),
  );
}

function steps(path: GraphQLResolveInfo['path'] | undefined): readonly (string | number)[] {
  return path === undefined ? [] : [...steps(path.prev), path.key];
}
