import { daysInMonth } from '../period.ts';
import { Problem } from '../problem.ts';
import { FhirPathNode } from './node.ts';
import type { QuantityOf } from './quantity.ts';

const MONTHS: Readonly<Record<string, number>> = { a: 12, mo: 1 };
const MILLISECONDS: Readonly<Record<string, number>> = {
  wk: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  min: 60_000,
  s: 1000,
  ms: 1,
};
const DAY = 86_400_000;
const PARTS = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(.*?)(Z|[+-]\d\d:\d\d)?)?)?)?$/;
const CLOCK = /^(\d\d)(?::(\d\d)(?::(\d\d)(\.\d+)?)?)?$/;

/** A date, dateTime or time, later by the quantity, to the same precision; undefined where the unit is finer than the date is known. */
export const addToTemporal = (node: FhirPathNode, quantity: QuantityOf, sign: 1 | -1): FhirPathNode | undefined => {
  const text = String(node.value);
  const amount = Math.trunc(quantity.value) * sign;
  const months = MONTHS[quantity.unit];
  const milliseconds = MILLISECONDS[quantity.unit];
  if (months === undefined && milliseconds === undefined) {
    throw new Problem('invalid', `FHIRPath: '${quantity.unit}' is no unit of time to add to a date`);
  }
  const date = PARTS.exec(text);
  if (date === null) {
    const clock = CLOCK.exec(text);
    if (clock === null || milliseconds === undefined) return undefined;
    const shifted = (((clockOf(clock) + amount * milliseconds) % DAY) + DAY) % DAY;
    return new FhirPathNode(clockText(shifted, clock), node.type);
  }
  const clock = CLOCK.exec(date[4] ?? '');
  const year = Number(date[1]);
  const month = Number(date[2] ?? 1) - 1;
  const day = Number(date[3] ?? 1);
  if (months !== undefined) {
    const total = year * 12 + month + amount * months;
    const [newYear, newMonth] = [Math.floor(total / 12), total % 12];
    const newDay = Math.min(day, daysInMonth(newYear, newMonth + 1));
    return written(newYear, newMonth, newDay, clock ? clockOf(clock) : 0, date, clock, node.type);
  }
  const step = milliseconds ?? 0;
  if (date[3] === undefined) return wholeMonths(node, quantity, sign, step);
  // Amounts finer than a day count in whole days where the time of day is not stated.
  const shift = clock ? amount * step : Math.trunc((amount * step) / DAY) * DAY;
  const moment = new Date(0);
  moment.setUTCFullYear(year, month, day);
  const at = new Date(moment.getTime() + (clock ? clockOf(clock) : 0) + shift);
  const ofDay = ((at.getTime() % DAY) + DAY) % DAY;
  return written(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), ofDay, date, clock, node.type);
};

/** For a date known to the month or year: 30 days are a month, 12 months a year (FHIRPath N1 §6.7.1). */
const wholeMonths = (
  node: FhirPathNode,
  quantity: QuantityOf,
  sign: 1 | -1,
  step: number,
): FhirPathNode | undefined => {
  const months = Math.trunc((Math.trunc(quantity.value) * step) / (30 * DAY));
  return addToTemporal(node, { value: months, unit: 'mo' }, sign);
};

const clockOf = (clock: RegExpExecArray): number =>
  Number(clock[1]) * 3_600_000 +
  Number(clock[2] ?? 0) * 60_000 +
  Number(clock[3] ?? 0) * 1000 +
  Math.round(Number(clock[4] ?? 0) * 1000);

const two = (value: number): string => String(value).padStart(2, '0');

const clockText = (ms: number, like: RegExpExecArray): string => {
  const parts = [two(Math.floor(ms / 3_600_000))];
  if (like[2] !== undefined) parts.push(two(Math.floor(ms / 60_000) % 60));
  if (like[3] !== undefined) parts.push(two(Math.floor(ms / 1000) % 60));
  const fraction = like[4] === undefined && ms % 1000 === 0 ? '' : `.${String(ms % 1000).padStart(3, '0')}`;
  return `${parts.join(':')}${like[3] === undefined ? '' : fraction}`;
};

const written = (
  year: number,
  month: number,
  day: number,
  ofDay: number,
  date: RegExpExecArray,
  clock: RegExpExecArray | null,
  type: string | undefined,
): FhirPathNode | undefined => {
  if (year < 1 || year > 9999) return undefined;
  let text = String(year).padStart(4, '0');
  if (date[2] !== undefined) text += `-${two(month + 1)}`;
  if (date[3] !== undefined) text += `-${two(day)}`;
  if (clock) text += `T${clockText(ofDay, clock)}${date[5] ?? ''}`;
  return new FhirPathNode(text, type);
};
