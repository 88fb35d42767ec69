import { Recent } from '../../fhir/recent.ts';
import type { GroupState } from './state.ts';

const REMEMBERED = 50_000;

/** Thrown where another process wrote since: what was taken as known must be asked. */
export class Outdated extends Error {}

/**
 * Resources that this process knows to be live. Every commit moves the head document, so while the head stands where
 * this process left it nothing can have been deleted by another.
 */
export class Living {
  #names = new Recent<string, true>(REMEMBERED);
  /** The transaction after which the names are true. */
  #at: number | undefined;
  #alone = false;

  /** The last group met the head where the one before had left it: nobody else is writing. */
  get alone(): boolean {
    return this.#alone;
  }

  has(name: string): boolean {
    return this.#alone && this.#names.get(name) === true;
  }

  /** Throws Outdated where a group that relied on `has` met the head elsewhere. */
  confirm(base: number): void {
    if (base === this.#at) return;
    this.#alone = false;
    throw new Outdated('another process wrote meanwhile');
  }

  /** A group was committed: what it found live, and what it left. */
  committed(base: number, state: GroupState): void {
    this.#alone = base === this.#at;
    if (!this.#alone) this.#names = new Recent(REMEMBERED);
    for (const name of state.living) this.#names.set(name, true);
    for (const name of state.touched)
      if (state.current.get(name)?.document.live) this.#names.set(name, true);
      else this.#names.delete(name);
    this.#at = base + state.commits;
  }
}
