import { isObject } from '../resource.ts';
import type { Environment } from './environment.ts';
import { FhirPathNode } from './node.ts';

export interface QuantityOf {
  readonly value: number;
  /** UCUM code or calendar word; `system|code` in other systems. */
  readonly unit: string;
}

const UCUM = 'http://unitsofmeasure.org';
const TYPES: ReadonlySet<string> = new Set([
  'Quantity',
  'Age',
  'Count',
  'Distance',
  'Duration',
  'SimpleQuantity',
  'MoneyQuantity',
  'System.Quantity',
]);
const CALENDAR: Readonly<Record<string, string>> = {
  year: 'a',
  month: 'mo',
  week: 'wk',
  day: 'd',
  hour: 'h',
  minute: 'min',
  second: 's',
  millisecond: 'ms',
};
/** Dimension and size of the units that clinical rules compare most; a terminology may offer more through `convertUnit`. */
const UNITS: ReadonlyMap<string, readonly [dimension: string, size: number]> = new Map([
  ['a', ['months', 12]],
  ['mo', ['months', 1]],
  ['wk', ['time', 604_800_000]],
  ['d', ['time', 86_400_000]],
  ['h', ['time', 3_600_000]],
  ['min', ['time', 60_000]],
  ['s', ['time', 1000]],
  ['ms', ['time', 1]],
  ['kg', ['mass', 1e9]],
  ['g', ['mass', 1e6]],
  ['mg', ['mass', 1000]],
  ['ug', ['mass', 1]],
  ['km', ['length', 1e6]],
  ['m', ['length', 1000]],
  ['cm', ['length', 10]],
  ['mm', ['length', 1]],
  ['L', ['volume', 1000]],
  ['dL', ['volume', 100]],
  ['mL', ['volume', 1]],
  ['1', ['ratio', 100]],
  ['%', ['ratio', 1]],
]);

/** The node as a quantity; a number is one without a unit. Undefined for other nodes and where a comparator leaves the value open. */
export const quantityOf = (node: FhirPathNode): QuantityOf | undefined => {
  const { value, type } = node;
  if (typeof value === 'number') return { value, unit: '1' };
  if (!isObject(value) || (type !== undefined && !TYPES.has(type))) return undefined;
  const amount = value['value'];
  if (typeof amount !== 'number' || value['comparator'] !== undefined) return undefined;
  const { unit, system, code } = value;
  if (type === 'System.Quantity')
    return { value: amount, unit: typeof unit === 'string' ? (CALENDAR[unit] ?? unit) : '1' };
  if (typeof code === 'string') {
    return { value: amount, unit: system === UCUM || system === undefined ? code : `${String(system)}|${code}` };
  }
  return { value: amount, unit: typeof unit === 'string' ? unit : '1' };
};

/** `day` of the literal `1 day`, which is written without quotes. */
export const calendarWord = ({ value }: FhirPathNode): string | undefined => {
  const unit = isObject(value) ? value['unit'] : undefined;
  return typeof unit === 'string' && Object.hasOwn(CALENDAR, unit) ? unit : undefined;
};

export const isQuantity = (node: FhirPathNode): boolean => isObject(node.value) && TYPES.has(node.type ?? '');

/** The amount in another unit, or undefined where the units do not compare. */
export const convert = (quantity: QuantityOf, unit: string, environment: Environment): number | undefined => {
  if (quantity.unit === unit) return quantity.value;
  const from = UNITS.get(quantity.unit);
  const to = UNITS.get(unit);
  if (from && to && from[0] === to[0]) return Number(((quantity.value * from[1]) / to[1]).toPrecision(15));
  return environment.convertUnit?.(quantity.value, quantity.unit, unit);
};

/** -1, 0, 1, or undefined where the units do not compare. */
export const compareQuantities = (a: QuantityOf, b: QuantityOf, environment: Environment): number | undefined => {
  const other = convert(b, a.unit, environment);
  return other === undefined ? undefined : Math.sign(a.value - other);
};

export const quantityNode = (value: number, unit: string): FhirPathNode =>
  new FhirPathNode({ value, unit }, 'System.Quantity');
