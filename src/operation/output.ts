import { isResource, type Json, type JsonObject } from '../fhir/resource.ts';
import type { Answer } from '../interactions/answer.ts';
import type { OperationDefinition } from './operation.ts';

/**
 * The answer of an operation: a resource alone where the definition's only output is `return` (operations.html#response),
 * else Parameters. Undefined members are left out, lists repeat the parameter.
 */
export function outputAnswer(
  definition: OperationDefinition,
  output: Readonly<Record<string, Json | undefined>>,
  status = 200,
): Answer {
  const declared = definition.parameter.filter(({ use }) => use === 'out');
  const [only] = declared;
  const value = only && output[only.name];
  if (declared.length === 1 && only?.name === 'return' && isResource(value)) {
    return { status, headers: {}, body: { kind: 'resource', resource: value } };
  }
  const parameter = declared.flatMap(({ name, type }) => {
    const stated = output[name];
    const values = stated === undefined ? [] : Array.isArray(stated) ? (stated as readonly Json[]) : [stated];
    return values.map((item) => parameterOf(name, type, item));
  });
  return {
    status,
    headers: {},
    body: { kind: 'resource', resource: { resourceType: 'Parameters', ...(parameter.length > 0 && { parameter }) } },
  };
}

function parameterOf(name: string, type: string | undefined, value: Json): JsonObject {
  if (type === undefined) return { name, part: value };
  if (isResource(value)) return { name, resource: value };
  return { name, [`value${type.charAt(0).toUpperCase()}${type.slice(1)}`]: value };
}
