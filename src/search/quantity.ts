import { isObject, type Json, type JsonObject } from '../fhir/resource.ts';
import { type Asked, refuse } from './asked.ts';
import { type Decimal, decimalInterval } from './decimal-interval.ts';
import type { Emit } from './emit.ts';
import { splitUnescaped, unescaped } from './escape.ts';
import type { IndexValue, QuantityValue } from './index-values.ts';
import { numericRanges, rangeEnds } from './number.ts';
import { modifierOf } from './modifiers.ts';
import { splitPrefix } from './prefix.ts';
import { or, type Predicate, type QuantityPredicate } from './query.ts';
import { sampleBounds } from './sampled-bounds.ts';
import { type BaseUnit, baseUnit, inBaseUnits, UCUM } from './ucum.ts';

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
const OPEN = Number.MAX_VALUE;
const scaled = (value: number, base: BaseUnit): number => (Math.abs(value) === OPEN ? value : inBaseUnits(value, base));

const quantity = (unitOf: JsonObject, low: number, high: number, param: string): QuantityValue => {
  const system = textOf(unitOf['system']);
  const code = textOf(unitOf['code']);
  const value = low === -OPEN ? high : low;
  const plain: QuantityValue = {
    kind: 'quantity',
    param,
    value,
    low,
    high,
    system,
    code,
    unit: textOf(unitOf['unit']),
  };
  const base = system === UCUM && code !== null ? baseUnit(code) : undefined;
  if (base === undefined) return plain;
  const lower = scaled(low, base);
  const upper = low === high ? lower : scaled(high, base);
  return withCanonical(plain, { unit: base.unit, value: low === -OPEN ? upper : lower, low: lower, high: upper });
};

/** Spelled out, because spreading costs more than all the rest here. */
const withCanonical = (it: QuantityValue, canonical: QuantityValue['canonical'] & object): QuantityValue => ({
  kind: 'quantity',
  param: it.param,
  value: it.value,
  low: it.low,
  high: it.high,
  system: it.system,
  code: it.code,
  unit: it.unit,
  canonical,
});

const put: Emit = (element, param, out) => {
  if (!isObject(element)) return;
  const value = element['value'];
  if (typeof value !== 'number') return;
  const comparator = element['comparator'];
  // `<5` is every value below 5: a range with an open end.
  const low = comparator === '<' || comparator === '<=' ? -OPEN : value;
  const high = comparator === '>' || comparator === '>=' ? OPEN : value;
  out.push(quantity(element, low, high, param));
};

const CURRENCIES = 'urn:iso:std:iso:4217';

const putMoney: Emit = (element, param, out) => {
  if (!isObject(element)) return;
  const currency = element['currency'];
  const coded = typeof currency === 'string' ? { system: CURRENCIES, code: currency, unit: currency } : {};
  const value = element['value'];
  if (typeof value === 'number') out.push(quantity(coded, value, value, param));
};

const putRange: Emit = (element, param, out) => {
  const ends = rangeEnds(element);
  if (ends === undefined || !isObject(element)) return;
  const unitOf = [element['low'], element['high']].find(isObject) ?? {};
  out.push(quantity(unitOf, ends.low, ends.high, param));
};

/** A SampledData is searched on the bounds of its values (Observation value-quantity, in its description). */
const putSampled: Emit = (element, param, out: IndexValue[]) => {
  if (!isObject(element)) return;
  const bounds = sampleBounds(element);
  const origin = element['origin'];
  if (bounds && isObject(origin)) out.push(quantity(origin, bounds.low, bounds.high, param));
};

const QUANTITY = new Set(['Quantity', 'Age', 'Duration', 'Count', 'Distance', 'SimpleQuantity', 'MoneyQuantity']);

export const quantityEmit = (type: string): Emit | undefined => {
  if (QUANTITY.has(type)) return put;
  return type === 'Range' ? putRange : type === 'Money' ? putMoney : type === 'SampledData' ? putSampled : undefined;
};

/** `[prefix][number]`, `…|[system]|[code]`, `…||[code]` or, as of tokens, `…|[system]|`; a UCUM unit matches in any unit that can be converted to it. */
export const quantityPredicate = ({ param, modifier, value, name }: Asked): Predicate => {
  modifierOf('quantity', { modifier, name });
  const [text = '', system, code, ...more] = splitUnescaped(value, '|').map(unescaped);
  const shape =
    'a quantity is [prefix]number, or [prefix]number|system|code, or [prefix]number||code, or [prefix]number|system|';
  if (more.length > 0 || (system !== undefined && code === undefined))
    return refuse(name, `'${value}' is malformed: ${shape}`);
  const { prefix, rest } = splitPrefix(name, text);
  const decimal = decimalInterval(rest) ?? refuse(name, `'${text}' is no number: ${shape}`);
  const ask = (it: Decimal, unit: QuantityPredicate['unit']): Predicate =>
    or(
      ...numericRanges(prefix, it).map(
        (range): Predicate => ({ kind: 'quantity', param, range, ...(unit && { unit }) }),
      ),
    );
  if (system === undefined || code === undefined || (system === '' && code === '')) return ask(decimal, undefined);
  if (code === '') return ask(decimal, { by: 'system', system });
  if (system === '') return ask(decimal, { by: 'any-system', code });
  const base = system === UCUM ? baseUnit(code) : undefined;
  if (base === undefined) return ask(decimal, { by: 'coded', system, code });
  const convert = (it: number): number => inBaseUnits(it, base);
  const inBase = { value: convert(decimal.value), low: convert(decimal.low), high: convert(decimal.high) };
  // Ten percent of the value as stated: of degrees Celsius, not of the kelvins they become.
  const margin = prefix === 'ap' ? approximately(decimal, convert) : undefined;
  const unit = { by: 'canonical', unit: base.unit } as const;
  return margin ? { kind: 'quantity', param, range: margin, unit } : ask(inBase, unit);
};

const approximately = ({ value }: Decimal, convert: (value: number) => number) => {
  const margin = Math.abs(value) / 10;
  return { highAtLeast: convert(value - margin), lowAtMost: convert(value + margin) };
};
