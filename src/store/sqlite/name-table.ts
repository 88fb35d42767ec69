import { type Connection, integer, string } from './connection.ts';
import { setMembers, typeName } from './names.ts';

/** Gives numbers to names, durably; done by the writer thread. */
type Define = (names: readonly string[]) => Promise<readonly number[]>;

/** The numbers of the parameter sets of one type, by the names of the sets. */
export type SetNumbers = ReadonlyMap<string, number>;
const NONE: SetNumbers = new Map();

/**
 * Small numbers for types and for sets of parameters that share a value: rows hold numbers, never names. Numbers are
 * given once and never change, so they are remembered; another process may give some, so `refresh` looks for more.
 */
export class NameTable {
  readonly #connection: Connection;
  readonly #define: Define;
  readonly #numbers = new Map<string, number>();
  readonly #setNumbers = new Map<string, Map<string, number>>();
  readonly #sets = new Map<string, number[]>();
  readonly #types = new Map<number, string>();
  #highest = 0;

  constructor(connection: Connection, define: Define) {
    this.#connection = connection;
    this.#define = define;
    this.refresh();
  }

  /** Learns the names that were numbered since; true where there were some. `highest`: the highest number, where it is known. */
  refresh(highest: number = integer(this.#connection.get('SELECT coalesce(max(n), 0) FROM name'), 0)): boolean {
    if (highest === this.#highest) return false;
    for (const row of this.#connection.all('SELECT n, text FROM name WHERE n > ? ORDER BY n', [this.#highest]))
      this.#learn(integer(row, 0), string(row, 1));
    this.#highest = highest;
    return true;
  }

  /** Makes sure that all these names have numbers. */
  async ensure(names: Iterable<string>): Promise<void> {
    const unknown = [...new Set(names)].filter((name) => !this.#numbers.has(name));
    if (unknown.length === 0) return;
    const numbers = await this.#define(unknown);
    for (const [index, name] of unknown.entries()) {
      const number = numbers[index];
      if (number !== undefined) this.#learn(number, name);
    }
  }

  typeNumber(type: string): number | undefined {
    return this.#numbers.get(typeName(type));
  }

  setNumbers(type: string): SetNumbers {
    return this.#setNumbers.get(type) ?? NONE;
  }

  /** The type of that number, as stored in version rows. */
  typeOf(number: number): string {
    const known = this.#types.get(number);
    if (known !== undefined) return known;
    this.refresh();
    const found = this.#types.get(number);
    if (found === undefined) throw new Error(`no type has the number ${number}`);
    return found;
  }

  types(): readonly string[] {
    return [...this.#types.values()];
  }

  /** The sets of a type that the parameter is in. */
  setsOf(type: string, param: string): readonly number[] {
    return this.#sets.get(`${type}|${param}`) ?? [];
  }

  #learn(number: number, name: string): void {
    if (this.#numbers.has(name)) return;
    this.#numbers.set(name, number);
    const set = setMembers(name);
    if (!set) {
      this.#types.set(number, name.slice(2));
      return;
    }
    const ofType = this.#setNumbers.get(set.type) ?? new Map<string, number>();
    this.#setNumbers.set(set.type, ofType.set(set.params.join(','), number));
    for (const param of set.params) {
      const place = `${set.type}|${param}`;
      const sets = this.#sets.get(place);
      if (sets) sets.push(number);
      else this.#sets.set(place, [number]);
    }
  }
}
