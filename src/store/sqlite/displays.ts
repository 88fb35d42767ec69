/** The text of a code, folded, as a row of `display`. */
interface Display {
  readonly text: number;
  readonly code: number;
  readonly folded: string;
}
export type Displays = readonly Display[];

const MOST = 100_000;

/** Displays repeat with every resource that has the code; those stored by us need not travel again. */
export class DisplaysStored {
  readonly #codes = new Map<number, Set<number>>();
  #size = 0;

  has(text: number, code: number): boolean {
    return this.#codes.get(text)?.has(code) ?? false;
  }

  add(displays: Displays): void {
    for (const { text, code } of displays) {
      if (this.#size++ > MOST) this.#forget();
      const codes = this.#codes.get(text);
      if (codes) codes.add(code);
      else this.#codes.set(text, new Set([code]));
    }
  }

  #forget(): void {
    this.#codes.clear();
    this.#size = 0;
  }
}
