import { isObject, type Json, type JsonObject, listOf } from '../fhir/resource.ts';
import { generated } from './generated.ts';
import type { ValueSetCodes } from './registry.ts';

/** Layout of value-sets.json: `*` stands for every code of the system. */
interface ValueSetsFile {
  readonly systems: Readonly<Record<string, readonly string[]>>;
  readonly valueSets: Readonly<
    Record<string, readonly [complete: 0 | 1, codes: Readonly<Record<string, readonly string[] | '*'>>]>
  >;
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const conceptCodes = (concepts: Json | undefined): readonly string[] =>
  listOf(concepts)
    .filter(isObject)
    .flatMap((concept) => [text(concept['code']), ...conceptCodes(concept['concept'])]);

/** Value sets by canonical and the code systems known whole; custom ones are expanded where they enumerate or name a known system. */
export class ValueSetTable {
  readonly #systems = new Map<string, ReadonlySet<string>>();
  readonly #sets = new Map<string, ValueSetCodes>();
  readonly #custom = new Map<string, JsonObject>();

  constructor(valueSets: readonly JsonObject[], codeSystems: readonly JsonObject[]) {
    const file = generated<ValueSetsFile>('value-sets');
    for (const [url, codes] of Object.entries(file.systems)) this.#systems.set(url, new Set(codes));
    for (const system of codeSystems) this.#systems.set(text(system['url']), new Set(conceptCodes(system['concept'])));
    for (const [url, [complete, codes]] of Object.entries(file.valueSets)) {
      this.#sets.set(url, {
        url,
        complete: complete === 1,
        codes: new Map(
          Object.entries(codes).map(([system, members]) => [
            system,
            members === '*' ? this.#all(system) : new Set(members),
          ]),
        ),
      });
    }
    for (const set of valueSets) {
      this.#custom.set(text(set['url']), set);
      this.#sets.delete(text(set['url']));
    }
  }

  get(canonical: string): ValueSetCodes | undefined {
    const bar = canonical.indexOf('|');
    const url = bar < 0 ? canonical : canonical.slice(0, bar);
    const known = this.#sets.get(url);
    const custom = this.#custom.get(url);
    if (known !== undefined || custom === undefined) return known;
    const made = this.#expand(url, custom);
    this.#sets.set(url, made);
    return made;
  }

  /** Every code of a code system, where the whole system is known here. */
  system(url: string): ReadonlySet<string> | undefined {
    return this.#systems.get(url);
  }

  #all(system: string): ReadonlySet<string> {
    return this.#systems.get(system) ?? new Set();
  }

  #expand(url: string, set: JsonObject): ValueSetCodes {
    const compose = isObject(set['compose']) ? set['compose'] : {};
    const codes = new Map<string, Set<string>>();
    let complete = compose['exclude'] === undefined;
    for (const include of listOf(compose['include']).filter(isObject)) {
      if (include['filter'] !== undefined) {
        complete = false;
        continue;
      }
      for (const part of listOf(include['valueSet']).map(text)) {
        const other = part === url ? undefined : this.get(part);
        complete &&= other?.complete ?? false;
        for (const [system, members] of other?.codes ?? []) add(codes, system, members);
      }
      const system = text(include['system']);
      if (system === '') continue;
      const members = include['concept'] === undefined ? this.#systems.get(system) : conceptCodes(include['concept']);
      complete &&= members !== undefined;
      add(codes, system, members ?? []);
    }
    return { url, complete, codes };
  }
}

const add = (codes: Map<string, Set<string>>, system: string, members: Iterable<string>): void => {
  codes.set(system, new Set([...(codes.get(system) ?? []), ...members]));
};
