import { parseJson } from '../../src/fhir/json.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isObject, type Json, type JsonObject, listOf } from '../../src/fhir/resource.ts';
import { type FhirRequest, parameter } from '../../src/interactions/request.ts';

/** A GraphQL request, whichever way it came. */
export type GraphqlRequest = {
  readonly query: string;
  readonly variables: JsonObject;
  readonly operationName: string | undefined;
};

const KNOWN = new Set(['query', 'variables', 'operationName', 'extensions']);
const SHAPE = new Set(['_format', '_pretty']);

/** `?query=`, a body of application/graphql, GraphQL's JSON body, or Parameters. Throws Problem `invalid` naming what is wrong. */
export function graphqlRequest(request: FhirRequest): GraphqlRequest {
  for (const [name] of request.query) {
    if (!KNOWN.has(name) && !SHAPE.has(name)) throw unknown(name, name);
  }
  const stated = fromBody(request);
  const query = stated['query'] ?? parameter(request, 'query');
  if (typeof query !== 'string' || query.trim() === '') throw wrong('query', 'must be a GraphQL document');
  const operationName = stated['operationName'] ?? parameter(request, 'operationName') ?? null;
  if (operationName !== null && typeof operationName !== 'string') throw wrong('operationName', 'must be text');
  const variables = stated['variables'] ?? parsedVariables(parameter(request, 'variables')) ?? {};
  if (!isObject(variables)) throw wrong('variables', 'must be a JSON object');
  return { query, variables, operationName: operationName ?? undefined };
}

function fromBody({ body, parsed, contentType, method }: FhirRequest): JsonObject {
  if (method === 'GET' || method === 'HEAD' || (parsed === undefined && (body === undefined || body.length === 0)))
    return {};
  if (contentType === 'application/graphql') return { query: body?.toString() ?? '' };
  if (parsed === undefined && contentType !== undefined && !/[/+]json$/.test(contentType)) {
    throw new Problem(
      'unsupported-media-type',
      `$graphql takes application/graphql or application/json, not ${contentType}`,
    );
  }
  const json = parsed ?? parseJson(body ?? '');
  if (!isObject(json)) throw new Problem('malformed-body', 'The body of $graphql is a JSON object with a query');
  if (json['resourceType'] === 'Parameters') return fromParameters(json);
  for (const name of Object.keys(json)) if (!KNOWN.has(name)) throw unknown(name, name);
  return json;
}

function fromParameters(parameters: JsonObject): JsonObject {
  const found: Record<string, Json> = {};
  for (const [index, parameter] of listOf(parameters['parameter']).entries()) {
    const at = `Parameters.parameter[${index}]`;
    const name = isObject(parameter) ? parameter['name'] : undefined;
    if (name !== 'query' || !isObject(parameter)) throw unknown(String(name), at);
    found['query'] = parameter['valueString'] ?? null;
  }
  return found;
}

const parsedVariables = (text: string | undefined): Json | undefined =>
  text === undefined || text === '' ? undefined : parseJson(text);

const wrong = (name: string, what: string) =>
  new Problem('invalid', `$graphql: '${name}' ${what}`, { expression: [name] });
const unknown = (name: string, expression: string) =>
  new Problem('unknown-parameter', `'${name}' is no parameter of $graphql; it has query, variables, operationName`, {
    expression: [expression],
  });
