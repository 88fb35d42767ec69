const FIRST_CELLS = 4096;

/** Numbers of many orders in a row, and the texts that some of them name: what one thread writes and the other reads in the same order. */
export interface Cells {
  readonly numbers: Float64Array<ArrayBuffer>;
  readonly texts: readonly string[];
}

/** Gathers cells. A number is eight bytes and no object; writing and reading them costs a tenth of JSON. */
export class CellWriter {
  #numbers = new Float64Array(FIRST_CELLS);
  #length = 0;
  #texts: string[] = [];

  number(value: number): void {
    if (this.#length === this.#numbers.length) this.#grow();
    this.#numbers[this.#length++] = value;
  }

  text(value: string): void {
    this.number(value === '' ? 0 : this.#texts.push(value));
  }

  /** Room for a number that is known later: where it goes, for `set`. */
  reserve(): number {
    this.number(0);
    return this.#length - 1;
  }

  set(at: number, value: number): void {
    this.#numbers[at] = value;
  }

  /** Numbers written so far. */
  get length(): number {
    return this.#length;
  }

  /** Takes back all but the first `length` numbers. */
  cut(length: number): void {
    this.#length = length;
  }

  /** What was gathered, undefined where that is nothing; the writer starts anew. */
  take(): Cells | undefined {
    if (this.#length === 0) return undefined;
    const taken = { numbers: this.#numbers.slice(0, this.#length), texts: this.#texts };
    this.#length = 0;
    this.#texts = [];
    return taken;
  }

  #grow(): void {
    const grown = new Float64Array(this.#numbers.length * 2);
    grown.set(this.#numbers);
    this.#numbers = grown;
  }
}

/** Reads cells in the order in which they were written. */
export class CellReader {
  readonly #cells: Cells;
  #at = 0;

  constructor(cells: Cells) {
    this.#cells = cells;
  }

  number(): number {
    const value = this.#cells.numbers[this.#at++];
    if (value === undefined) throw new Error('an order ends before its last cell');
    return value;
  }

  text(): string {
    const n = this.number();
    return n === 0 ? '' : (this.#cells.texts[n - 1] ?? '');
  }

  /** The next `length` numbers by themselves, with the same texts. */
  part(length: number): Cells {
    const numbers = this.#cells.numbers.subarray(this.#at, this.#at + length);
    this.#at += length;
    return { numbers, texts: this.#cells.texts };
  }
}
