const DAY = 86_400_000;
const OFFSET = /(Z|[+-]\d{2}:\d{2})$/;

/** An instant as the clock on the wall showed it: FHIR dateTimes carry the local offset, and a day is a local day. */
export interface LocalTime {
  /** Milliseconds UTC. */
  readonly instant: number;
  /** Milliseconds to add to UTC. */
  readonly offset: number;
}

/** Local calendar dates, `YYYY-MM-DD`, both included. */
export interface Window {
  readonly start: string;
  readonly end: string;
}

/** Reads a dateTime with time, its offset kept; undefined where the text is none. A time without zone is taken as UTC. */
export function localTime(text: string): LocalTime | undefined {
  const zone = OFFSET.exec(text)?.[1];
  const instant = Date.parse(zone || text.length <= 10 ? text : `${text}Z`);
  if (Number.isNaN(instant)) return undefined;
  if (!zone || zone === 'Z') return { instant, offset: 0 };
  const sign = zone.startsWith('-') ? -1 : 1;
  return { instant, offset: sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60_000 };
}

/** The local calendar date, `YYYY-MM-DD`. */
export const localDate = (instant: number, offset: number): string =>
  new Date(instant + offset).toISOString().slice(0, 10);

export const within = (date: string, { start, end }: Window): boolean => date >= start && date <= end;

/** How many days a window covers. */
export const daysOf = ({ start, end }: Window): number => Math.round((Date.parse(end) - Date.parse(start)) / DAY) + 1;

/** The date `days` later. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);

/** Minutes of `instant` from local midnight of `date`; negative before it. */
export const minutesFromMidnight = (date: string, instant: number, offset: number): number =>
  (instant + offset - Date.parse(date)) / 60_000;
