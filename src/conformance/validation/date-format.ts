const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days of a month in the Gregorian calendar; `month` from 1. */
const daysIn = (year: number, month: number): number =>
  month === 2 && (year % 4 === 0 ? year % 100 !== 0 || year % 400 === 0 : false) ? 29 : (DAYS[month - 1] ?? 0);

/** Number of `count` digits at `from`; NaN where one is missing. */
const number = (text: string, from: number, count: number): number => {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
};

const DASH = 45;
const COLON = 58;

/** Length of the date at the start: 4, 7 or 10; 0 where it is none or not in the calendar; what follows is not looked at. */
const dateLength = (text: string): number => {
  const year = number(text, 0, 4);
  if (!(year > 0)) return 0;
  if (text.charCodeAt(4) !== DASH) return 4;
  const month = number(text, 5, 2);
  if (!(month >= 1 && month <= 12)) return 0;
  if (text.charCodeAt(7) !== DASH) return 7;
  const day = number(text, 8, 2);
  return day >= 1 && day <= daysIn(year, month) ? 10 : 0;
};

/** End of the time hh:mm:ss(.f+)? that starts at `from`; 0 where it is none. Second 60 is a leap second. */
const timeEnd = (text: string, from: number): number => {
  const valid =
    number(text, from, 2) <= 23 &&
    text.charCodeAt(from + 2) === COLON &&
    number(text, from + 3, 2) <= 59 &&
    text.charCodeAt(from + 5) === COLON &&
    number(text, from + 6, 2) <= 60;
  if (!valid) return 0;
  let end = from + 8;
  if (text[end] !== '.') return end;
  const fraction = end + 1;
  for (end = fraction; number(text, end, 1) >= 0; ) end += 1;
  return end > fraction ? end : 0;
};

/** Z or ±hh:mm up to ±14:00 at `from`, to the end of the text. */
const isZone = (text: string, from: number): boolean => {
  const sign = text[from];
  if (sign === 'Z') return text.length === from + 1;
  if ((sign !== '+' && sign !== '-') || text.length !== from + 6 || text.charCodeAt(from + 3) !== COLON) return false;
  const hours = number(text, from + 1, 2);
  const minutes = number(text, from + 4, 2);
  return (hours <= 13 && minutes <= 59) || (hours === 14 && minutes === 0);
};

/** YYYY, YYYY-MM or YYYY-MM-DD, a day that exists (datatypes.html#date). */
export const isDate = (text: string): boolean => {
  const length = dateLength(text);
  return length > 0 && length === text.length;
};

/** A date, or a date with time and zone (datatypes.html#instant). */
export const isInstant = (text: string): boolean => {
  if (text[10] !== 'T' || dateLength(text) !== 10) return false;
  const end = timeEnd(text, 11);
  return end > 0 && isZone(text, end);
};

export const isDateTime = (text: string): boolean => (text.length > 10 ? isInstant(text) : isDate(text));

export const isTime = (text: string): boolean => text.length > 0 && timeEnd(text, 0) === text.length;
