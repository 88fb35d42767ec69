import { isObject, listOf, type Json, type JsonObject, type Resource } from '../fhir/resource.ts';
import type { Code } from './codes.ts';
import { localDate, type LocalTime, localTime } from './local-time.ts';

/** A stored resource with the versioned reference by which a derived figure cites it: `Observation/x/_history/3`. */
export interface Recorded {
  readonly reference: string;
  readonly resource: Resource;
}

/** Whether a CodeableConcept holds the coding. */
export const hasCode = (concept: Json | undefined, code: Code): boolean =>
  isObject(concept) &&
  listOf(concept['coding']).some(
    (coding) => isObject(coding) && coding['system'] === code.system && coding['code'] === code.code,
  );

/** Results that were withdrawn or never obtained say nothing (observation.html, status). */
export const counts = (observation: Resource): boolean =>
  observation['status'] !== 'entered-in-error' && observation['status'] !== 'cancelled';

export interface Effective {
  /** Midnight UTC where only a date is stated. */
  readonly start: LocalTime;
  /** Where the Observation tells of a period. */
  readonly end?: LocalTime;
  /** The calendar date as written, for Observations of a whole day. */
  readonly date: string;
  /** Whether start and end state a time of day. */
  readonly timed: boolean;
}

/** When an Observation is about: effectiveDateTime, effectiveInstant or effectivePeriod. */
export function effective(observation: Resource): Effective | undefined {
  const period = observation['effectivePeriod'];
  const startText = isObject(period)
    ? period['start']
    : (observation['effectiveDateTime'] ?? observation['effectiveInstant']);
  if (typeof startText !== 'string' || startText.length < 10) return undefined;
  const start = localTime(startText);
  const endText = isObject(period) ? period['end'] : undefined;
  const end = typeof endText === 'string' ? localTime(endText) : undefined;
  const timed = startText.length > 10 && (typeof endText !== 'string' || endText.length > 10);
  return start && { start, ...(end && { end }), date: startText.slice(0, 10), timed };
}

/** The component with the code. */
export const component = (observation: Resource, code: Code): JsonObject | undefined =>
  listOf(observation['component']).find((part): part is JsonObject => isObject(part) && hasCode(part['code'], code));

/** A component's Quantity in minutes, whatever of UCUM's `min`, `h`, `s`, `ms` it is stated in. */
export const minutesOf = (holder: JsonObject | undefined): number | undefined => {
  const quantity = holder?.['valueQuantity'];
  const value = exact(quantity);
  const minutes = isObject(quantity) ? MINUTES.get(quantity['code'] ?? quantity['unit']) : undefined;
  return value === undefined || minutes === undefined ? undefined : value * minutes;
};
const MINUTES: ReadonlyMap<unknown, number> = new Map([
  ['min', 1],
  ['h', 60],
  ['s', 1 / 60],
  ['ms', 1 / 60_000],
]);

/** A rate a minute; undefined where another UCUM unit is stated. */
export const perMinuteOf = (holder: JsonObject | undefined): number | undefined => {
  const quantity = holder?.['valueQuantity'];
  const code = isObject(quantity) ? quantity['code'] : undefined;
  return code === undefined || (typeof code === 'string' && /^(?:\{[^}]*\})?\/min$/.test(code))
    ? exact(quantity)
    : undefined;
};

/** A count, whose unit does not matter. */
export const countOf = (holder: JsonObject | undefined): number | undefined => exact(holder?.['valueQuantity']);

/** A Quantity's value; one with a comparator (`<`) is no value. */
const exact = (quantity: Json | undefined): number | undefined =>
  isObject(quantity) && typeof quantity['value'] === 'number' && quantity['comparator'] === undefined
    ? quantity['value']
    : undefined;

/** The last local day that an Observation or QuestionnaireResponse tells of. */
export function lastDate(resource: Resource): string | undefined {
  if (resource.resourceType === 'QuestionnaireResponse') {
    const { authored } = resource;
    return typeof authored === 'string' && authored.length >= 10 ? authored.slice(0, 10) : undefined;
  }
  const when = effective(resource);
  if (!when?.end) return when?.date;
  // A period that ends at midnight tells of the day before.
  return localDate(when.end.instant - (when.timed ? 1 : 0), when.end.offset);
}
