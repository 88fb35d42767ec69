import { dateInterval, periodInterval } from '../../src/fhir/period.ts';
import { isObject, type JsonObject, listOf, type Resource } from '../../src/fhir/resource.ts';
import { baseUnit, inBaseUnits, UCUM } from '../../src/search/ucum.ts';
import type { Sample } from './statistics.ts';

export interface Code {
  readonly system: string | undefined;
  readonly code: string;
}
/** Measurements of one code in one unit. */
export interface Collected {
  /** CodeableConcept that the newest of them states. */
  readonly concept: JsonObject;
  /** Quantity without value: unit, system, code. */
  unit: JsonObject;
  readonly samples: Sample[];
  total: number;
}

/** Gathers measurements by code and unit, as Observations come, newest first. */
export class Collection {
  readonly groups: Collected[] = [];

  /** Takes every value that the Observation has for one of the codes; of a panel, its components. True where there is one. */
  take(observation: Resource, codes: readonly Code[]): boolean {
    const hours = hoursOf(observation);
    const whole = isObject(observation['code']) ? observation['code'] : {};
    const components = listOf(observation['component']).filter(isObject);
    const own = states(whole, codes);
    const panel = own && quantityOf(observation) === undefined && components.length > 0;
    const parts = components.filter(({ code }) => panel || states(code, codes));
    if (own && !panel) this.#add(whole, quantityOf(observation), hours);
    for (const part of parts) if (isObject(part['code'])) this.#add(part['code'], quantityOf(part), hours);
    return own || parts.length > 0;
  }

  #add(concept: JsonObject, quantity: JsonObject | undefined, hours: number | undefined): void {
    const alike = this.groups.filter((group) => sameConcept(group.concept, concept));
    if (quantity === undefined) {
      const [group] = alike;
      if (group !== undefined) group.total++;
      else this.groups.push({ concept, unit: {}, samples: [], total: 1 });
      return;
    }
    for (const group of alike) {
      // What came before without a value said nothing of the unit.
      const value = group.samples.length === 0 ? Number(quantity['value']) : inUnit(quantity, group.unit);
      if (value === undefined) continue;
      if (group.samples.length === 0) group.unit = unitOf(quantity);
      group.samples.push({ value, hours });
      group.total++;
      return;
    }
    const samples = [{ value: Number(quantity['value']), hours }];
    this.groups.push({ concept, unit: unitOf(quantity), samples, total: 1 });
  }
}

const unitOf = ({ unit, system, code }: JsonObject): JsonObject => ({
  ...(unit !== undefined && { unit }),
  ...(system !== undefined && { system }),
  ...(code !== undefined && { code }),
});

function states(concept: unknown, codes: readonly Code[]): boolean {
  if (!isObject(concept)) return false;
  return listOf(concept['coding'])
    .filter(isObject)
    .some((coding) =>
      codes.some(
        ({ system, code }) => coding['code'] === code && (system === undefined || coding['system'] === system),
      ),
    );
}

const sameConcept = (a: JsonObject, b: JsonObject): boolean => {
  const codings = listOf(a['coding']).filter(isObject);
  if (codings.length === 0) return a['text'] === b['text'];
  return codings.some(({ system, code }) =>
    listOf(b['coding']).some((other) => isObject(other) && other['system'] === system && other['code'] === code),
  );
};

/** The value of an Observation or component as a Quantity with a number; one that is only less or more than it has none. */
function quantityOf(holder: JsonObject): JsonObject | undefined {
  if (typeof holder['valueInteger'] === 'number') return { value: holder['valueInteger'] };
  const quantity = holder['valueQuantity'];
  if (!isObject(quantity) || quantity['comparator'] !== undefined) return undefined;
  return typeof quantity['value'] === 'number' ? quantity : undefined;
}

/** The number in another unit; undefined where that cannot be said. */
function inUnit(quantity: JsonObject, unit: JsonObject): number | undefined {
  const value = Number(quantity['value']);
  if (quantity['system'] === unit['system'] && quantity['code'] === unit['code'])
    return quantity['code'] !== undefined || quantity['unit'] === unit['unit'] ? value : undefined;
  if (quantity['system'] !== UCUM || unit['system'] !== UCUM) return undefined;
  const from = baseUnit(String(quantity['code']));
  const to = baseUnit(String(unit['code']));
  if (from === undefined || to === undefined || from.unit !== to.unit) return undefined;
  return inBaseUnits(value, from) / to.factor - to.offset;
}

function hoursOf(observation: Resource): number | undefined {
  const at = observation['effectiveDateTime'] ?? observation['effectiveInstant'];
  const period = observation['effectivePeriod'];
  const interval = typeof at === 'string' ? dateInterval(at) : isObject(period) ? periodInterval(period) : undefined;
  return interval && interval.low / 3_600_000;
}
