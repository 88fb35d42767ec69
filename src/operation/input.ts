import { type Issue, Problem } from '../fhir/problem.ts';
import { isObject, type Json, type JsonObject, listOf, type Resource } from '../fhir/resource.ts';
import { bodyJson } from '../interactions/draft.ts';
import type { FhirRequest } from '../interactions/request.ts';
import type { OperationDefinition, OperationParameter } from './operation.ts';
import { parameterValue } from './parameter-value.ts';
import { queryValue, isPrimitive } from './query-value.ts';
import { requireValid } from './valid-parameters.ts';

/** One value stated for a parameter, and where. */
interface Stated {
  readonly name: string;
  readonly value: Json;
  readonly expression: string;
}

const GENERAL = new Set(['_format', '_pretty', '_summary', '_elements']);

/**
 * The input of an invocation (operations.html#request): Parameters, a single resource where the definition has exactly
 * one parameter for it, or the query's primitive values. Throws Problem `invalid` naming the parameter.
 */
export function parseInput(
  definition: OperationDefinition,
  request: FhirRequest,
  affectsState: boolean,
  validate?: (resource: Resource) => readonly Issue[],
): Readonly<Record<string, unknown>> {
  const wanted = definition.parameter.filter(({ use }) => use === 'in');
  const stated = [
    ...fromQuery(definition, wanted, request),
    ...fromBody(definition, wanted, request, affectsState, validate),
  ];
  const input: Record<string, unknown> = {};
  for (const parameter of wanted) {
    const values = stated.filter(({ name }) => name === parameter.name);
    input[parameter.name] = arityOf(definition, parameter, values);
  }
  return input;
}

function arityOf(
  definition: OperationDefinition,
  { name, min, max }: OperationParameter,
  values: readonly Stated[],
): unknown {
  if (values.length < min) {
    throw new Problem('invalid', `$${definition.code} needs the parameter '${name}'`, {
      expression: ['Parameters.parameter'],
    });
  }
  if (max !== '*' && values.length > Number(max)) {
    const surplus = values[Number(max)];
    throw new Problem(
      'invalid',
      `$${definition.code} takes '${name}' ${max === '1' ? 'once' : `${max} times at most`}`,
      {
        expression: [surplus?.expression ?? 'Parameters.parameter'],
      },
    );
  }
  return max === '1' ? values[0]?.value : values.map(({ value }) => value);
}

function fromQuery(
  definition: OperationDefinition,
  wanted: readonly OperationParameter[],
  request: FhirRequest,
): readonly Stated[] {
  const stated: Stated[] = [];
  for (const [name, value] of request.query) {
    const parameter = wanted.find((candidate) => candidate.name === name);
    if (parameter === undefined) {
      if (GENERAL.has(name)) continue;
      throw unknown(definition, wanted, name, name);
    }
    if (!isPrimitive(parameter.type)) {
      throw new Problem('invalid', `'${name}' is a ${parameter.type ?? 'structure'}; it goes into the body`, {
        expression: [name],
      });
    }
    stated.push({ name, value: queryValue(parameter, value, name), expression: name });
  }
  return stated;
}

function fromBody(
  definition: OperationDefinition,
  wanted: readonly OperationParameter[],
  request: FhirRequest,
  affectsState: boolean,
  validate: ((resource: Resource) => readonly Issue[]) | undefined,
): readonly Stated[] {
  if (request.method === 'GET' || request.method === 'HEAD') return [];
  if (request.parsed === undefined && (request.body === undefined || request.body.length === 0)) return [];
  const body = bodyJson(request, 'Parameters');
  if (!isObject(body) || typeof body['resourceType'] !== 'string') {
    throw new Problem('malformed-body', `$${definition.code} takes Parameters${affectsState ? '' : ' or a query'}`);
  }
  if (body['resourceType'] === 'Parameters') {
    const stated = listOf(body['parameter']).map((it, index) => fromParameter(definition, wanted, it, index));
    if (validate !== undefined) requireValid(body, validate);
    return stated;
  }
  const resources = wanted.filter(({ type }) => type === 'Resource' || type === body['resourceType']);
  const [only] = resources;
  if (only === undefined || resources.length > 1) {
    throw new Problem('invalid', `$${definition.code} takes Parameters, not a ${body['resourceType']}`, {
      expression: ['resourceType'],
    });
  }
  return [{ name: only.name, value: body, expression: body['resourceType'] }];
}

function fromParameter(
  definition: OperationDefinition,
  wanted: readonly OperationParameter[],
  parameter: Json,
  index: number,
): Stated {
  const expression = `Parameters.parameter[${index}]`;
  const { name } = isObject(parameter) ? parameter : ({} as JsonObject);
  if (!isObject(parameter) || typeof name !== 'string')
    throw new Problem('invalid', `${expression} has no name`, { expression: [expression] });
  const known = wanted.find((candidate) => candidate.name === name);
  if (known === undefined) throw unknown(definition, wanted, name, expression);
  const { value, member } = parameterValue(known, parameter, expression);
  return { name, value, expression: `${expression}${member}` };
}

function unknown(
  definition: OperationDefinition,
  wanted: readonly OperationParameter[],
  name: string,
  expression: string,
): Problem {
  const known = wanted.length === 0 ? 'it has none' : `it has ${wanted.map((parameter) => parameter.name).join(', ')}`;
  return new Problem('unknown-parameter', `'${name}' is no parameter of $${definition.code}; ${known}`, {
    expression: [expression],
  });
}
