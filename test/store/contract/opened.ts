import { afterEach, beforeEach } from '@jest/globals';
import type { Store } from '../../../src/store/store.ts';

export interface OpenOptions {
  /** The place of an earlier `Opened`: opens the same data (again, or as a second process would). Absent: a fresh, empty store. */
  readonly place?: string;
  /** The store's clock, ms UTC. */
  readonly now?: () => number;
}

export interface Opened {
  readonly store: Store;
  readonly place: string;
  /** Every byte at rest: what a thief of the disk or of a dump would have. */
  rawBytes(): Promise<Buffer>;
  /** Closes the store where still open and removes its data. */
  remove(): Promise<void>;
}

export type Open = (options: OpenOptions) => Promise<Opened>;

/** A fresh store before each test of the enclosing describe, removed after it. `again` opens the same place once more. */
export function fresh(
  open: Open,
  options: OpenOptions = {},
): { get store(): Store; get opened(): Opened; again(): Promise<Opened> } {
  let opened: Opened | undefined;
  const others: Opened[] = [];
  const current = (): Opened => {
    if (!opened) throw new Error('no store is open outside a test');
    return opened;
  };
  beforeEach(async () => {
    opened = await open(options);
  });
  afterEach(async () => {
    for (const other of others.splice(0)) await other.store.close();
    await opened?.remove();
    opened = undefined;
  });
  return {
    get store() {
      return current().store;
    },
    get opened() {
      return current();
    },
    async again() {
      const other = await open({ ...options, place: current().place });
      others.push(other);
      return other;
    },
  };
}
