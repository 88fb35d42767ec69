import { Problem } from '../fhir/problem.ts';
import { isObject, isResource, type Json, type JsonObject, listOf } from '../fhir/resource.ts';
import type { OperationParameter } from './operation.ts';
import { isPrimitive, queryValue } from './query-value.ts';

interface Value {
  readonly value: Json;
  /** The member that holds it: `.valueDate`. */
  readonly member: string;
}

/** The value of one Parameters.parameter (parameters.html) as its definition has it. Throws Problem `invalid`. */
export function parameterValue(definition: OperationParameter, parameter: JsonObject, expression: string): Value {
  const { name, type } = definition;
  if (type === undefined) return { value: parts(parameter, expression), member: '.part' };
  const resource = parameter['resource'];
  if (resource !== undefined) {
    if (isResource(resource) && (type === 'Resource' || type === resource.resourceType))
      return { value: resource, member: '.resource' };
    throw wrong(definition, 'a resource of another type', `${expression}.resource`);
  }
  const member = Object.keys(parameter).find((key) => /^value[A-Z]/.test(key));
  const value = member === undefined ? undefined : parameter[member];
  if (member === undefined || value === undefined) {
    throw new Problem('invalid', `${expression} ('${name}') has no value`, { expression: [expression] });
  }
  const stated = member.slice('value'.length);
  const at = `${expression}.${member}`;
  if (stated.toLowerCase() !== type.toLowerCase() && !(isPrimitive(type) && fits(stated, type)))
    throw wrong(definition, `value${stated}`, at);
  return {
    value: isPrimitive(type) ? primitive(definition, value, at) : complex(definition, value, at),
    member: `.${member}`,
  };
}

/** Clients send the broader or narrower kin of a primitive type; what counts is that the value has the form. */
const KIN: readonly ReadonlySet<string>[] = [
  new Set(['string', 'code', 'id', 'markdown', 'uri', 'url', 'canonical']),
  new Set(['date', 'dateTime', 'instant']),
  new Set(['integer', 'unsignedInt', 'positiveInt', 'decimal']),
];
const fits = (stated: string, type: string): boolean => {
  const lower = `${stated.charAt(0).toLowerCase()}${stated.slice(1)}`;
  return KIN.some((kin) => kin.has(lower) && kin.has(type));
};

function primitive(definition: OperationParameter, value: Json, at: string): Json {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw wrong(definition, 'no primitive value', at);
  const expected =
    definition.type === 'boolean'
      ? 'boolean'
      : ['integer', 'unsignedInt', 'positiveInt', 'decimal'].includes(definition.type ?? '')
        ? 'number'
        : 'string';
  if (typeof value !== expected) throw wrong(definition, `a JSON ${typeof value}`, at);
  return queryValue(definition, String(value), at);
}

function complex(definition: OperationParameter, value: Json, at: string): Json {
  if (isObject(value)) return value;
  throw wrong(definition, `a JSON ${typeof value}`, at);
}

/** Parts by name: one value each, or a list where a name repeats. */
function parts(parameter: JsonObject, expression: string): Json {
  const byName: Record<string, Json> = {};
  for (const [index, part] of listOf(parameter['part']).entries()) {
    if (!isObject(part) || typeof part['name'] !== 'string') {
      const at = `${expression}.part[${index}]`;
      throw new Problem('invalid', `${at} has no name`, { expression: [at] });
    }
    const member = Object.keys(part).find((key) => /^value[A-Z]/.test(key)) ?? 'resource';
    const value = part[member] ?? null;
    const before = Object.hasOwn(byName, part['name']) ? byName[part['name']] : undefined;
    byName[part['name']] = before === undefined ? value : [...listOf(before), value];
  }
  return byName;
}

const wrong = ({ name, type }: OperationParameter, found: string, at: string): Problem =>
  new Problem('invalid', `${at}: the parameter '${name}' is a ${type}, not ${found}`, { expression: [at] });
