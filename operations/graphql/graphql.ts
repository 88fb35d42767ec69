import { execute, type ExecutionResult, type GraphQLError } from 'graphql';
import { writeJson } from '../../src/fhir/json.ts';
import { operationOutcome, Problem } from '../../src/fhir/problem.ts';
import { isObject, type JsonObject } from '../../src/fhir/resource.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import { operationReading } from '../../src/operation/operation.ts';
import { definition } from './definition.ts';
import { graphqlRequest } from './graphql-request.ts';
import { malformed, type Prepared, prepared } from './prepare.ts';
import { Reads, tooMany } from './reads.ts';
import { schemaOf } from './schema.ts';
import { shaped } from './shape.ts';

/** `$graphql` over the whole server, `[type]/[id]/$graphql` over one resource (graphql.html). Read-only. */
export const graphql = operationReading(definition, graphqlRequest, async (call): Promise<Answer> => {
  const { target, input, world } = call;
  const root = target.level === 'instance' ? target.key : undefined;
  const schema = schemaOf(world.registry, root?.type);
  const query = prepared(schema, input, world.limits.pageSize);
  const reads = new Reads(call);
  const result = await execute({
    schema,
    document: query.document,
    rootValue: root === undefined ? {} : await reads.resource(root.type, root.id),
    contextValue: reads,
    variableValues: input.variables,
    operationName: input.operationName,
  });
  if (reads.exhausted) throw tooMany();
  return answerOf(query, result, reads);
});

function answerOf(
  { operation, fragments }: Prepared,
  { data, errors = [] }: ExecutionResult,
  { slices }: Reads,
): Answer {
  if (data === undefined) throw malformed(errors);
  const content: JsonObject = {
    ...(errors.length > 0 && { errors: errors.map(toldError) }),
    data: isObject(data) ? shaped(data, [operation.selectionSet], { fragments, slices }) : null,
  };
  const bytes = Buffer.from(writeJson(content));
  return { status: 200, headers: {}, body: { kind: 'raw', bytes, contentType: 'application/json; charset=utf-8' } };
}

/** An error of one field, with the OperationOutcome that a read would have given. What is no refusal is no answer either. */
function toldError(error: GraphQLError): JsonObject {
  const { originalError, message, locations = [], path = [] } = error;
  if (originalError !== undefined && !(originalError instanceof Problem)) throw originalError;
  const issues =
    originalError instanceof Problem
      ? originalError.issues
      : [{ severity: 'error', code: 'invalid', diagnostics: message } as const];
  return {
    message,
    locations: locations.map(({ line, column }) => ({ line, column })),
    path: [...path],
    extensions: { resource: operationOutcome(issues) },
  };
}
