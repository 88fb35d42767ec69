import type { Json } from '../../fhir/resource.ts';
import type { XmlMember } from './layout.ts';

const INTEGER = /^[+-]?(?:0|[1-9]\d*)$/;
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A primitive's JSON value; `literal` where `String(value)` would not give the number's text back. */
export interface PrimitiveValue {
  readonly value: Json;
  readonly literal?: string;
}

/** Text of a `value` attribute as JSON, or what was expected instead. Formats beyond JSON's types are left to validation. */
export const primitiveValue = (kind: XmlMember['value'], text: string): PrimitiveValue | string => {
  switch (kind) {
    case 'string':
      return { value: text };
    case 'boolean':
      return text === 'true' || text === 'false' ? { value: text === 'true' } : 'true or false';
    case 'integer':
      return INTEGER.test(text) ? numberOf(text.replace('+', '')) : 'an integer such as 42';
    case 'decimal':
      return DECIMAL.test(text) ? numberOf(text) : 'a decimal such as 0.10';
    default:
      return kind satisfies never;
  }
};

const numberOf = (literal: string): PrimitiveValue | string => {
  const value = Number(literal);
  if (!Number.isFinite(value)) return 'a number within the range of a double';
  return String(value) === literal ? { value } : { value, literal };
};
