import { Problem } from '../fhir/problem.ts';
import type { Json } from '../fhir/resource.ts';
import type { OperationParameter } from './operation.ts';
import { dateInterval } from '../fhir/period.ts';

const FORMS: Readonly<Record<string, RegExp>> = {
  boolean: /^(?:true|false)$/,
  integer: /^(?:0|[+-]?[1-9]\d{0,9})$/,
  unsignedInt: /^(?:0|[1-9]\d{0,9})$/,
  positiveInt: /^[1-9]\d{0,9}$/,
  decimal: /^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?(?:[eE][+-]?\d{1,3})?$/,
  id: /^[A-Za-z0-9\-.]{1,64}$/,
  code: /^\S+(?: \S+)*$/,
  date: /^\d{4}(?:-\d\d(?:-\d\d)?)?$/,
  dateTime: /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?)?)?$/,
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  string: /\S/,
  markdown: /\S/,
  uri: /^\S+$/,
  url: /^\S+$/,
  canonical: /^\S+$/,
};
const DATES = new Set(['date', 'dateTime', 'instant']);
const NUMBERS = new Set(['integer', 'unsignedInt', 'positiveInt', 'decimal']);

/** True for types that fit into a URL (operations.html#request). */
export const isPrimitive = (type: string | undefined): boolean => type !== undefined && type in FORMS;

/** The text as a value of the parameter's primitive type. Throws Problem `invalid`. */
export function queryValue({ name, type = 'string' }: OperationParameter, text: string, expression: string): Json {
  const form = FORMS[type];
  // A `+` of a time zone arrives as a space where the client did not encode it.
  const value = DATES.has(type) ? text.replace(/ (?=\d\d:\d\d$)/, '+') : text;
  if (!form?.test(value) || (DATES.has(type) && dateInterval(value) === undefined)) {
    throw new Problem('invalid', `'${text}' is no ${type}, which the parameter '${name}' is`, {
      expression: [expression],
    });
  }
  if (type === 'boolean') return value === 'true';
  return NUMBERS.has(type) ? Number(value) : value;
}
