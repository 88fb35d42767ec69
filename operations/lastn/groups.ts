import { dateInterval, periodInterval } from '../../src/fhir/period.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { isObject, type JsonObject, listOf, type Resource } from '../../src/fhir/resource.ts';
import type { StoredVersion } from '../../src/store/store.ts';

/** Observations of one code; a full one has met an older Observation than it wants. */
interface Group {
  readonly keys: Set<string>;
  readonly items: { readonly version: StoredVersion; readonly time: number }[];
  full: boolean;
}

export interface FullCoding {
  /** `Patient/1`, or the url of one that is elsewhere. */
  readonly subject: string;
  readonly system: string | null;
  readonly code: string;
}

/** Groups by subject and Observation.code what comes newest first: codings that occur together are one (observation-operation-lastn.html). */
export class Groups {
  readonly #max: number;
  readonly #base: string;
  #groups: Group[] = [];

  /** `base` is that of this server: a subject may be referred to with it or without. */
  constructor(max: number, base: string) {
    this.#max = max;
    this.#base = base;
  }

  add(version: StoredVersion, observation: Resource): void {
    const keys = codeKeys(observation, this.#base);
    const touched = this.#groups.filter((group) => keys.some((key) => group.keys.has(key)));
    const group = touched.length === 1 && touched[0] ? touched[0] : this.#merged(touched);
    for (const key of keys) group.keys.add(key);
    const time = timeOf(observation);
    const last = group.items[this.#max - 1];
    // A tie with the last one that is wanted is given too.
    if (last !== undefined && time !== last.time) group.full = true;
    else group.items.push({ version, time });
  }

  #merged(groups: readonly Group[]): Group {
    const items = groups.flatMap((group) => group.items).sort((a, b) => b.time - a.time);
    const last = items[this.#max - 1];
    const kept = last === undefined ? items : items.filter((item, at) => at < this.#max || item.time === last.time);
    const merged: Group = {
      keys: new Set(groups.flatMap((group) => [...group.keys])),
      items: kept,
      full: groups.some((group) => group.full) || kept.length < items.length,
    };
    this.#groups = [...this.#groups.filter((group) => !groups.includes(group)), merged];
    return merged;
  }

  /** Codings of subjects of which no more is wanted. */
  get fullCodings(): readonly FullCoding[] {
    return this.#groups
      .filter(({ full }) => full)
      .flatMap(({ keys }) => [...keys])
      .flatMap((key) => {
        const [subject = '', kind, system = '', code = ''] = key.split('\n');
        return kind === 'coding' ? [{ subject, system: system === '' ? null : system, code }] : [];
      });
  }

  /** Groups in the order of their newest; newest first within each. */
  get versions(): readonly StoredVersion[] {
    return [...this.#groups]
      .sort((a, b) => (b.items[0]?.time ?? 0) - (a.items[0]?.time ?? 0))
      .flatMap(({ items }) => items.map(({ version }) => version));
  }
}

function codeKeys(observation: Resource, base: string): readonly string[] {
  const subject = subjectOf(observation, base);
  const code: JsonObject = isObject(observation['code']) ? observation['code'] : {};
  const codings = listOf(code['coding'])
    .filter(isObject)
    .filter((coding) => typeof coding['code'] === 'string')
    .map((coding) => `${subject}\ncoding\n${String(coding['system'] ?? '')}\n${String(coding['code'])}`);
  return codings.length > 0 ? codings : [`${subject}\ntext\n${String(code['text'] ?? '')}`];
}

function subjectOf({ subject }: Resource, base: string): string {
  const reference = isObject(subject) ? subject['reference'] : undefined;
  if (typeof reference !== 'string') return '';
  const target = parseReference(reference, base);
  return target?.kind === 'local' ? `${target.type}/${target.id}` : reference;
}

/** When it was observed; before all others where it does not say. */
function timeOf(observation: Resource): number {
  const at = observation['effectiveDateTime'] ?? observation['effectiveInstant'];
  if (typeof at === 'string') return dateInterval(at)?.low ?? Number.NEGATIVE_INFINITY;
  const period = observation['effectivePeriod'];
  return (isObject(period) ? periodInterval(period)?.low : undefined) ?? Number.NEGATIVE_INFINITY;
}
