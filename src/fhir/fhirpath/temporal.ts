import { dateInterval } from '../period.ts';
import type { FhirPathNode } from './node.ts';

/** Precision: 0 year, 1 month, 2 day, 3 hour, 4 minute, 5 second or finer. */
export interface Temporal {
  readonly family: 'date' | 'time';
  readonly precision: number;
  /** Milliseconds, UTC or of the day; both inside. */
  readonly low: number;
  readonly high: number;
}

const TIME = /^T?(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?$/;
const HOUR_ONLY = /^(\d{4}-\d\d-\d\dT\d\d)(Z|[+-]\d\d:\d\d)?$/;
const HOUR = 3_600_000;

/** A date, dateTime, instant or time by its stated precision; undefined where the text is none. */
export const parseTemporal = (text: string): Temporal | undefined => {
  const fourth = text.charCodeAt(4);
  if (text.length < 4 || (text.length > 4 && fourth !== 45)) return parseTime(text);
  const hour = HOUR_ONLY.exec(text);
  if (hour) {
    const interval = dateInterval(`${hour[1]}:00${hour[2] ?? ''}`);
    return interval && { family: 'date', precision: 3, low: interval.low, high: interval.low + HOUR - 1 };
  }
  const interval = dateInterval(text);
  if (interval === undefined) return undefined;
  const precision =
    text.length === 4 ? 0 : text.length === 7 ? 1 : text.length === 10 ? 2 : text.charCodeAt(16) === 58 ? 5 : 4;
  return { family: 'date', precision, low: interval.low, high: interval.high };
};

const parseTime = (text: string): Temporal | undefined => {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [hour, minute, second] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const low = hour * HOUR + minute * 60_000 + second * 1000 + Math.trunc(Number(`0.${match[4] ?? '0'}`) * 1000 + 1e-6);
  const precision = match[2] === undefined ? 3 : match[3] === undefined ? 4 : 5;
  return { family: 'time', precision, low, high: low + ([HOUR, 60_000, 1][precision - 3] ?? 1) - 1 };
};

const TYPES: ReadonlySet<string> = new Set([
  'date',
  'dateTime',
  'instant',
  'time',
  'System.Date',
  'System.DateTime',
  'System.Time',
]);

/** The node as a point or stretch of time, where its type says that it is one; untyped text where it looks like one. */
export const temporalOf = (node: FhirPathNode): Temporal | undefined => {
  if (typeof node.value !== 'string') return undefined;
  return node.type === undefined || TYPES.has(node.type) ? parseTemporal(node.value) : undefined;
};

/** Whether the node's type says that it is a date or time. */
export const isTemporal = (node: FhirPathNode): boolean => node.type !== undefined && TYPES.has(node.type);

/** -1, 0 or 1; undefined where the stated precisions leave it open (FHIRPath N1 §6.2). */
export const compareTemporal = (a: Temporal, b: Temporal): number | undefined => {
  if (a.family !== b.family) return undefined;
  // Seconds and milliseconds are one precision.
  if (a.precision === b.precision) return Math.sign(a.low - b.low);
  if (a.high < b.low) return -1;
  if (a.low > b.high) return 1;
  return undefined;
};
