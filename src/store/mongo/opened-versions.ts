import type { StoredVersion } from '../store.ts';
import type { DateEntry } from './documents.ts';

/** What a version is found by, under one parameter set. */
export interface KnownFields {
  /** Of the parameter set; a version never changes, but reindexing replaces what it is found by. */
  readonly indexed: string | undefined;
  readonly full: readonly number[];
  readonly dat: readonly DateEntry[];
}

interface Opened {
  readonly version: StoredVersion;
  readonly fields: KnownFields | undefined;
}

/** Larger bodies would push out too many others. */
const LARGEST = 1 << 17;
/** What an entry takes besides body and fields, about. */
const OVERHEAD = 600;

/**
 * Versions opened lately, by seq. A version never changes, so what was opened once is right for ever; which versions
 * are current is asked of the database each time. Two generations: when the young one holds half of the bytes, what
 * was not asked for since the one before is forgotten.
 */
export class OpenedVersions {
  readonly #half: number;
  #bytes = 0;
  #young = new Map<number, Opened>();
  #old = new Map<number, Opened>();
  #seqs = new Map<string, number>();
  #oldSeqs = new Map<string, number>();

  /** Keeps about `bytes` in memory, at least half as much once filled. */
  constructor(bytes: number) {
    this.#half = bytes / 2;
  }

  get(seq: number): Opened | undefined {
    const young = this.#young.get(seq);
    if (young !== undefined) return young;
    const old = this.#old.get(seq);
    if (old !== undefined) this.#add(seq, old);
    return old;
  }

  /** The seq of the version opened last of the resource `Type/id`: likely still the current one. */
  lastOf(name: string): number | undefined {
    return this.#seqs.get(name) ?? this.#oldSeqs.get(name);
  }

  keep(seq: number, version: StoredVersion, fields: KnownFields | undefined): void {
    if (version.body.length <= LARGEST) this.#add(seq, { version, fields: fields ?? this.#young.get(seq)?.fields });
  }

  #add(seq: number, opened: Opened): void {
    const { version, fields } = opened;
    this.#young.set(seq, opened);
    this.#seqs.set(`${version.type}/${version.id}`, seq);
    this.#bytes += OVERHEAD + version.body.length + (fields ? 8 * fields.full.length + 100 * fields.dat.length : 0);
    if (this.#bytes < this.#half) return;
    this.#old = this.#young;
    this.#oldSeqs = this.#seqs;
    this.#young = new Map();
    this.#seqs = new Map();
    this.#bytes = 0;
  }
}
