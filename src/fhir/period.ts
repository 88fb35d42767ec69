import { isObject, type Json, listOf } from './resource.ts';

/** Earliest and latest time there is, ms UTC: the open ends of intervals. */
export const EARLIEST = -8.64e15;
export const LATEST = 8.64e15;

/** Milliseconds UTC, both inside. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;
const DAY = 86_400_000;

/** Days of the month, 1–12, in the proleptic Gregorian calendar. */
export const daysInMonth = (year: number, month: number): number => {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
};

/** Date.UTC maps years 0–99 to 1900–1999; this does not. */
const utc = (year: number, month: number, day: number): number => {
  if (year >= 100) return Date.UTC(year, month, day);
  return new Date(0).setUTCFullYear(year, month, day);
};

/** Minutes east of UTC, or undefined where the zone is out of range. */
const zoneOffset = (zone: string | undefined): number | undefined => {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 14 || minutes > 59 || (hours === 14 && minutes > 0)) return undefined;
  return (zone.charCodeAt(0) === 45 ? -1 : 1) * (hours * 60 + minutes);
};

/**
 * What a date, dateTime or instant covers by its stated precision, ms UTC; without a zone it is read as UTC. Undefined
 * where it is none: a day that the calendar lacks, an hour 24, a year 0000. Seconds and zone may be missing, as search allows.
 */
export const dateInterval = (text: string): Interval | undefined => {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const year = Number(match[1]);
  const month = Number(match[2] ?? 1);
  const day = Number(match[3] ?? 1);
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const midnight = utc(year, month - 1, day);
  if (match[2] === undefined) return { low: midnight, high: utc(year + 1, 0, 1) - 1 };
  if (match[3] === undefined) return { low: midnight, high: utc(year, month, 1) - 1 };
  if (match[4] === undefined) return { low: midnight, high: midnight + DAY - 1 };
  return timeInterval(match, midnight);
};

const timeInterval = (match: RegExpExecArray, midnight: number): Interval | undefined => {
  const hour = Number(match[4]);
  const minute = Number(match[5]);
  const second = Number(match[6] ?? 0);
  const offset = zoneOffset(match[8]);
  // Second 60 is a leap second; UTC in milliseconds has no room for it, so it is the next minute's first.
  if (hour > 23 || minute > 59 || second > 60 || offset === undefined) return undefined;
  const low = midnight + hour * 3_600_000 + (minute - offset) * 60_000 + second * 1000;
  if (match[6] === undefined) return { low, high: low + 59_999 };
  const fraction = match[7];
  if (fraction === undefined) return { low, high: low + 999 };
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const width = fraction.length >= 3 ? 1 : 10 ** (3 - fraction.length);
  return { low: low + milliseconds, high: low + milliseconds + width - 1 };
};

// Versions of one transaction share their instant, and often come one after another.
let lastInstant = 0;
let lastText = new Date(lastInstant).toISOString();

/** The instant as FHIR text: milliseconds and `Z`. */
export function instantText(ms: number): string {
  if (ms !== lastInstant) {
    lastText = new Date(ms).toISOString();
    lastInstant = ms;
  }
  return lastText;
}

/** What a Period covers; an absent end is open. Undefined where neither end is a date, or an end is malformed. */
export const periodInterval = (period: {
  readonly start?: Json | undefined;
  readonly end?: Json | undefined;
}): Interval | undefined => {
  const start = typeof period.start === 'string' ? dateInterval(period.start) : undefined;
  const end = typeof period.end === 'string' ? dateInterval(period.end) : undefined;
  if ((period.start !== undefined && start === undefined) || (period.end !== undefined && end === undefined))
    return undefined;
  if (start === undefined && end === undefined) return undefined;
  return { low: start?.low ?? EARLIEST, high: end?.high ?? LATEST };
};

/** From the first to the last event of a Timing, or its `repeat.boundsPeriod`, whichever is wider; undefined where it names no date. */
export const timingInterval = (timing: Json): Interval | undefined => {
  if (!isObject(timing)) return undefined;
  const parts: Interval[] = [];
  for (const event of listOf(timing['event'])) {
    const interval = typeof event === 'string' ? dateInterval(event) : undefined;
    if (interval) parts.push(interval);
  }
  const repeat = timing['repeat'];
  const bounds = isObject(repeat) ? repeat['boundsPeriod'] : undefined;
  const period = isObject(bounds) ? periodInterval(bounds) : undefined;
  if (period) parts.push(period);
  if (parts.length === 0) return undefined;
  return { low: Math.min(...parts.map((part) => part.low)), high: Math.max(...parts.map((part) => part.high)) };
};
