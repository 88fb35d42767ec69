import type { ResourceKey } from '../../fhir/ids.ts';
import type { StoredVersion } from '../store.ts';
import { type ReadVersion, storedVersion, VERSION_PROJECTION } from './bodies.ts';
import { MAJORITY, type MongoContext } from './context.ts';
import { resourceName } from './prepared.ts';

interface Waiting {
  readonly resolve: (version: Promise<StoredVersion> | StoredVersion | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests under way at once: while they are, what is asked for gathers. */
const MOST_RUNNING = 2;
/** Resources in one request. */
const MOST_NAMES = 500;

/**
 * Reads current versions by name. Reads that come while others are under way are answered by one request, which is
 * sent after all of them have come: each sees what was acknowledged before it.
 */
export class CurrentVersions {
  readonly #context: MongoContext;
  #waiting = new Map<string, Waiting[]>();
  #running = 0;
  #scheduled = false;

  constructor(context: MongoContext) {
    this.#context = context;
  }

  one(key: ResourceKey): Promise<StoredVersion | undefined> {
    return new Promise((resolve, reject) => {
      const name = resourceName(key);
      const same = this.#waiting.get(name);
      if (same) same.push({ resolve, reject });
      else this.#waiting.set(name, [{ resolve, reject }]);
      this.#schedule();
    });
  }

  /** In the order asked. */
  async many(keys: readonly ResourceKey[]): Promise<(StoredVersion | undefined)[]> {
    const names = keys.map(resourceName);
    const found = await this.#read([...new Set(names)]);
    return Promise.all(names.map((name) => this.#open(found.get(name))));
  }

  #schedule(): void {
    if (this.#scheduled || this.#running >= MOST_RUNNING) return;
    this.#scheduled = true;
    // What the same turn of the event loop still brings comes along.
    setImmediate(() => {
      this.#scheduled = false;
      void this.#readWaiting();
    });
  }

  async #readWaiting(): Promise<void> {
    const group = [...this.#waiting].slice(0, MOST_NAMES);
    for (const [name] of group) this.#waiting.delete(name);
    this.#running++;
    try {
      const found = await this.#read(group.map(([name]) => name));
      for (const [name, all] of group) for (const { resolve } of all) resolve(this.#open(found.get(name)));
    } catch (error) {
      for (const [, all] of group) for (const { reject } of all) reject(error);
    }
    this.#running--;
    if (this.#waiting.size > 0) this.#schedule();
  }

  async #read(names: readonly string[]): Promise<Map<string, StoredVersion | ReadVersion>> {
    const { opened } = this.#context;
    const known: StoredVersion[] = [];
    const unknown: string[] = [];
    for (const name of names) {
      const seq = opened.lastOf(name);
      const version = seq === undefined ? undefined : opened.get(seq)?.version;
      if (version) known.push(version);
      else unknown.push(name);
    }
    const [current, rows] = await Promise.all([this.#seqs(known.map(resourceName)), this.#rows(unknown)]);
    const found = new Map<string, StoredVersion | ReadVersion>(rows.map((row) => [row._id, row]));
    const changed: string[] = [];
    for (const [name, seq] of current) {
      const version = opened.get(seq)?.version;
      if (version) found.set(name, version);
      else changed.push(name);
    }
    for (const row of await this.#rows(changed)) found.set(row._id, row);
    return found;
  }

  /** Of versions that were opened already it is enough to know whether they are still the current ones. */
  async #seqs(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#find<{ _id: string; seq: number }>(names, { seq: 1 });
    return new Map(rows.map(({ _id, seq }) => [_id, seq]));
  }

  #rows(names: readonly string[]): Promise<ReadVersion[]> {
    return this.#find<ReadVersion>(names, VERSION_PROJECTION);
  }

  async #find<T extends object>(names: readonly string[], projection: Record<string, 1>): Promise<T[]> {
    if (names.length === 0) return [];
    const filter = { _id: names.length === 1 && names[0] !== undefined ? names[0] : { $in: [...names] } };
    return this.#context.reading((session) =>
      this.#context.native.resources
        .find<T>(filter, { session, projection, batchSize: names.length + 1, ...MAJORITY })
        .toArray(),
    );
  }

  #open(found: StoredVersion | ReadVersion | undefined): Promise<StoredVersion> | StoredVersion | undefined {
    return found && '_id' in found ? storedVersion(this.#context, found) : found;
  }
}
