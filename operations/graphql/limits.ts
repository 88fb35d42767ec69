import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { Problem } from '../../src/fhir/problem.ts';
import type { JsonObject } from '../../src/fhir/resource.ts';
import { MAX_READS, tooMany } from './reads.ts';

/** Fields below each other. */
export const MAX_DEPTH = 16;
/** Fields in all, fragments written out. */
export const MAX_FIELDS = 2000;

interface Measure {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: JsonObject;
  readonly pageSize: number;
  fields: number;
  reads: number;
}

/**
 * Refuses a valid query that would cost too much, before anything is read: too deep, too many fields, or more reads
 * and searches than one query may cause, with every search page taken as full. Throws Problem `too-costly`.
 */
export function requireAffordable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: JsonObject,
  pageSize: number,
): void {
  const fragments = new Map(
    document.definitions.flatMap((it) => (it.kind === Kind.FRAGMENT_DEFINITION ? [[it.name.value, it]] : [])),
  );
  const measure: Measure = { schema, fragments, variables, pageSize, fields: 0, reads: 0 };
  walk(measure, schema.getQueryType() ?? undefined, operation.selectionSet, 1, 1);
}

function walk(
  measure: Measure,
  parent: GraphQLNamedType | undefined,
  { selections }: SelectionSetNode,
  depth: number,
  times: number,
): void {
  for (const selection of selections) {
    switch (selection.kind) {
      case Kind.FIELD:
        field(measure, parent, selection, depth, times);
        break;
      case Kind.INLINE_FRAGMENT: {
        const named = selection.typeCondition?.name.value;
        const type = named === undefined ? parent : measure.schema.getType(named);
        walk(measure, type, selection.selectionSet, depth, times);
        break;
      }
      case Kind.FRAGMENT_SPREAD: {
        const fragment = measure.fragments.get(selection.name.value);
        if (fragment === undefined) break;
        walk(measure, measure.schema.getType(fragment.typeCondition.name.value), fragment.selectionSet, depth, times);
        break;
      }
      default:
        selection satisfies never;
    }
  }
}

function field(measure: Measure, parent: GraphQLNamedType | undefined, node: FieldNode, depth: number, times: number) {
  // What asks for the schema reads nothing; validation bounds it.
  if (node.name.value.startsWith('__')) return;
  measure.fields += 1;
  if (measure.fields > MAX_FIELDS) throw refusal(node, `has more than ${MAX_FIELDS} fields`);
  if (depth > MAX_DEPTH) throw refusal(node, `nests more than ${MAX_DEPTH} fields deep`);
  const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
  const reads = definition?.extensions['reads'];
  if (reads !== undefined) measure.reads += times;
  if (measure.reads > MAX_READS) throw tooMany();
  if (node.selectionSet === undefined) return;
  const below = reads === 'many' ? times * pageOf(measure, node) : times;
  walk(measure, definition && getNamedType(definition.type), node.selectionSet, depth + 1, below);
}

/** Resources that a search field shows at most, as far as the query says. */
function pageOf({ variables, pageSize }: Measure, node: FieldNode): number {
  const value = node.arguments?.find(({ name }) => name.value === '_count')?.value;
  const stated =
    value?.kind === Kind.INT
      ? Number(value.value)
      : value?.kind === Kind.VARIABLE
        ? variables[value.name.value]
        : undefined;
  return typeof stated === 'number' && stated > 0 ? stated : pageSize;
}

function refusal(node: FieldNode, what: string): Problem {
  const { line = 0, column = 0 } = node.loc?.startToken ?? {};
  return new Problem('too-costly', `The query ${what} (at '${node.name.value}', line ${line}, column ${column})`, {
    expression: ['query'],
  });
}
