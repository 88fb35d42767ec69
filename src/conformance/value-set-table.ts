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
    for (const system of codeSystems.filter(isWhole))
      this.#systems.set(text(system['url']), new Set(conceptCodes(system['concept'])));
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
    let complete = true;
    for (const include of listOf(compose['include']).filter(isObject)) {
      const part = this.#part(url, include);
      complete &&= part.complete;
      for (const [system, members] of part.codes)
        codes.set(system, new Set([...(codes.get(system) ?? []), ...members]));
    }
    for (const exclude of listOf(compose['exclude']).filter(isObject)) {
      const part = this.#part(url, exclude);
      complete &&= part.complete;
      for (const [system, members] of part.codes) for (const code of members) codes.get(system)?.delete(code);
    }
    return { url, complete, codes };
  }

  /** What is in the system's part and in each value set that is named (valueset.html#compositions). */
  #part(url: string, include: JsonObject): Omit<ValueSetCodes, 'url'> {
    if (include['filter'] !== undefined) return { complete: false, codes: new Map() };
    const system = text(include['system']);
    const listed = include['concept'] === undefined ? this.#systems.get(system) : conceptCodes(include['concept']);
    const parts = listOf(include['valueSet']).map((part) => (part === url ? undefined : this.get(text(part))));
    const sets = parts.map((part) => part?.codes ?? new Map<string, ReadonlySet<string>>());
    if (system !== '') sets.push(new Map([[system, new Set(listed)]]));
    const [first = new Map<string, ReadonlySet<string>>(), ...others] = sets;
    return {
      complete: parts.every((part) => part?.complete === true) && (system === '' || listed !== undefined),
      codes: others.reduce(common, first),
    };
  }
}

type Codes = ReadonlyMap<string, ReadonlySet<string>>;

const common = (a: Codes, b: Codes): Codes =>
  new Map([...a].map(([system, codes]) => [system, new Set([...codes].filter((code) => b.get(system)?.has(code)))]));

/** Whether a code system states all of its codes (CodeSystem.content). */
const isWhole = ({ content }: JsonObject): boolean => content === undefined || content === 'complete';
