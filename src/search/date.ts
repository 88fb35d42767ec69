import { dateInterval, type Interval, periodInterval, timingInterval } from '../fhir/period.ts';
import { isObject, type Json } from '../fhir/resource.ts';
import { type Asked, refuse } from './asked.ts';
import type { Emit } from './emit.ts';
import type { IndexValue } from './index-values.ts';
import { modifierOf } from './modifiers.ts';
import { type Prefix, splitPrefix } from './prefix.ts';
import { and, or, type Predicate, type Range } from './query.ts';

const put = (interval: Interval | undefined, param: string, out: IndexValue[]): void => {
  if (interval && interval.low <= interval.high)
    out.push({ kind: 'date', param, low: interval.low, high: interval.high });
};
const putDate: Emit = (element, param, out) =>
  put(typeof element === 'string' ? dateInterval(element) : undefined, param, out);
const putPeriod: Emit = (element, param, out) =>
  put(isObject(element) ? periodInterval(element) : undefined, param, out);
/** Only a Timing's outer limits count, not its details (search.html#date). */
const putTiming: Emit = (element: Json, param, out) => put(timingInterval(element), param, out);

export const dateEmit = (type: string): Emit | undefined => {
  if (type === 'date' || type === 'dateTime' || type === 'instant') return putDate;
  return type === 'Period' ? putPeriod : type === 'Timing' ? putTiming : undefined;
};

/** A `+` that came through an URL undone is a space. */
export const searchedInterval = (name: string, text: string): Interval =>
  dateInterval(text.replace(/ (?=\d\d:\d\d$)/, '+')) ??
  refuse(name, `'${text}' is no date: use yyyy, yyyy-mm, yyyy-mm-dd or yyyy-mm-ddThh:mm[:ss[.sss]][Z|±hh:mm]`);

/**
 * What must hold of the stored interval r for the asked p: any one of the ranges (search.html#prefix, word by word:
 * eq is containment; gt asks whether the range above p overlaps r; ge is gt or containment; sa leaves no overlap).
 */
export const dateRanges = (prefix: Prefix, p: Interval, now: number): readonly Range[] => {
  switch (prefix) {
    case 'eq':
      return [{ lowAtLeast: p.low, highAtMost: p.high }];
    case 'ne':
      return [{ lowBelow: p.low }, { highAbove: p.high }];
    case 'gt':
      return [{ highAbove: p.high }];
    case 'lt':
      return [{ lowBelow: p.low }];
    // r.high > p.high, or r inside p: the same as r.low ≥ p.low or r.high > p.high.
    case 'ge':
      return [{ lowAtLeast: p.low }, { highAbove: p.high }];
    case 'le':
      return [{ highAtMost: p.high }, { lowBelow: p.low }];
    case 'sa':
      return [{ lowAbove: p.high }];
    case 'eb':
      return [{ highBelow: p.low }];
    case 'ap': {
      const gap = Math.max(0, p.low - now, now - p.high) / 10;
      return [{ highAtLeast: Math.floor(p.low - gap), lowAtMost: Math.ceil(p.high + gap) }];
    }
    default:
      return prefix satisfies never;
  }
};

export const datePredicate = ({ param, modifier, value, name }: Asked, now: number): Predicate => {
  modifierOf('date', { modifier, name });
  const { prefix, rest } = splitPrefix(name, value);
  const p = searchedInterval(name, rest);
  const date = (range: Range): Predicate => ({ kind: 'date', param, range });
  const either = or(...dateRanges(prefix, p, now).map(date));
  // Implied by the alternatives, but one range: what an index can follow.
  if (prefix === 'ge') return and(date({ highAtLeast: p.low }), either);
  return prefix === 'le' ? and(date({ lowAtMost: p.high }), either) : either;
};

/** `_lastUpdated` is one instant, so each prefix is one range, except ne. */
export const lastUpdatedPredicate = ({ modifier, value, name }: Asked, now: number): Predicate => {
  if (modifier !== undefined) return refuse(name, `modifier :${modifier} does not apply to _lastUpdated`);
  const { prefix, rest } = splitPrefix(name, value);
  const p = searchedInterval(name, rest);
  const range = (it: Range): Predicate => ({ kind: 'lastUpdated', range: it });
  if (prefix === 'ge') return range({ lowAtLeast: p.low });
  if (prefix === 'le') return range({ highAtMost: p.high });
  return or(...dateRanges(prefix, p, now).map(range));
};
