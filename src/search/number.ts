import { isObject, type Json } from '../fhir/resource.ts';
import { type Asked, refuse } from './asked.ts';
import { type Decimal, decimalInterval, round } from './decimal-interval.ts';
import type { Emit } from './emit.ts';
import type { IndexValue } from './index-values.ts';
import { modifierOf } from './modifiers.ts';
import { splitPrefix, type Prefix } from './prefix.ts';
import { or, type Predicate, type Range } from './query.ts';

const NUMBER = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);

const put: Emit = (element, param, out) => {
  if (typeof element === 'number') out.push({ kind: 'number', param, value: element, low: element, high: element });
};

/** The open ends of a Range. */
const OPEN = Number.MAX_VALUE;

/** The ends of a Range by its quantities' values; an end not stated is open. Undefined where neither is. */
export const rangeEnds = (range: Json): { readonly low: number; readonly high: number } | undefined => {
  if (!isObject(range)) return undefined;
  const low = isObject(range['low']) ? range['low']['value'] : undefined;
  const high = isObject(range['high']) ? range['high']['value'] : undefined;
  if (typeof low !== 'number' && typeof high !== 'number') return undefined;
  return { low: typeof low === 'number' ? low : -OPEN, high: typeof high === 'number' ? high : OPEN };
};

const putRange = (element: Json, param: string, out: IndexValue[]): void => {
  const ends = rangeEnds(element);
  if (ends) out.push({ kind: 'number', param, value: ends.low === -OPEN ? ends.high : ends.low, ...ends });
};

export const numberEmit = (type: string): Emit | undefined =>
  type === 'Range' ? putRange : NUMBER.has(type) ? put : undefined;

/**
 * What must hold of the stored value: any one of the ranges. A plain number is the point [value, value], a Range its ends.
 * eq and ne go by the implied precision, half open; the others by the exact number (search.html#number); ap is 10 %.
 */
export const numericRanges = (prefix: Prefix, { value, low, high }: Decimal): readonly Range[] => {
  switch (prefix) {
    case 'eq':
      return [{ lowAtLeast: low, highBelow: high }];
    case 'ne':
      return [{ lowBelow: low }, { highAtLeast: high }];
    case 'gt':
      return [{ highAbove: value }];
    case 'lt':
      return [{ lowBelow: value }];
    case 'ge':
      return [{ highAtLeast: value }];
    case 'le':
      return [{ lowAtMost: value }];
    case 'sa':
      return [{ lowAbove: value }];
    case 'eb':
      return [{ highBelow: value }];
    case 'ap': {
      const margin = Math.abs(value) / 10;
      return [{ highAtLeast: round(value - margin), lowAtMost: round(value + margin) }];
    }
    default:
      return prefix satisfies never;
  }
};

export const numberPredicate = ({ param, modifier, value, name }: Asked): Predicate => {
  modifierOf('number', { modifier, name });
  const { prefix, rest } = splitPrefix(name, value);
  const decimal = decimalInterval(rest) ?? refuse(name, `'${value}' is no number`);
  return or(...numericRanges(prefix, decimal).map((range): Predicate => ({ kind: 'number', param, range })));
};
