import type { StoredVersion } from '../store.ts';

const SLAB = 1 << 20;
/** Larger bodies would push out too many others. */
const LARGEST = SLAB >> 3;

/**
 * Versions opened lately, by seq. A version never changes, so what was opened once is right for ever; which versions are
 * current, and who may see them, is asked of the database each time. Bodies lie in slabs of 1 MiB; when half of the
 * slabs are full, what was not asked for since the half before is forgotten.
 */
export class OpenedVersions {
  readonly #slabs: number;
  #young = new Map<number, StoredVersion>();
  #old = new Map<number, StoredVersion>();
  #slab = Buffer.alloc(0);
  #used = 0;
  #taken = 0;

  /** Keeps bodies of about `bytes` in memory, at least half as much once filled. */
  constructor(bytes: number) {
    this.#slabs = Math.max(1, Math.round(bytes / SLAB / 2));
  }

  get(seq: number): StoredVersion | undefined {
    const young = this.#young.get(seq);
    if (young !== undefined) return young;
    const old = this.#old.get(seq);
    return old && this.keep(seq, old);
  }

  /** Remembers a version, its body copied. */
  keep(seq: number, version: StoredVersion): StoredVersion {
    const { length } = version.body;
    if (length > LARGEST) return version;
    if (this.#used + length > this.#slab.length) this.#next();
    const body = this.#slab.subarray(this.#used, this.#used + length);
    version.body.copy(body);
    this.#used += length;
    const kept = { ...version, body };
    this.#young.set(seq, kept);
    return kept;
  }

  #next(): void {
    if (this.#taken === this.#slabs) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#taken = 0;
    }
    this.#slab = Buffer.allocUnsafeSlow(SLAB);
    this.#used = 0;
    this.#taken++;
  }
}
