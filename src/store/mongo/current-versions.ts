import type { ResourceKey } from '../../fhir/ids.ts';
import type { StoredVersion } from '../store.ts';
import { type ReadVersion, storedVersion, VERSION_PROJECTION } from './bodies.ts';
import { MAJORITY } from './concerns.ts';
import type { MongoContext } from './context.ts';
import { Gathering } from './gathering.ts';
import { resourceName } from './prepared.ts';

/** Resources in one request. */
const MOST_NAMES = 500;

/** Reads current versions by name, those asked for one by one together. */
export class CurrentVersions {
  readonly #context: MongoContext;
  readonly #gathering: Gathering<string, StoredVersion | ReadVersion | undefined>;

  constructor(context: MongoContext) {
    this.#context = context;
    this.#gathering = new Gathering(MOST_NAMES, async (names) => {
      const found = await this.#read([...new Set(names)]);
      return names.map((name) => found.get(name));
    });
  }

  async one(key: ResourceKey): Promise<StoredVersion | undefined> {
    return this.#open(await this.#gathering.ask(resourceName(key)));
  }

  /** In the order asked. */
  async many(keys: readonly ResourceKey[]): Promise<(StoredVersion | undefined)[]> {
    const names = keys.map(resourceName);
    const found = await this.#read([...new Set(names)]);
    return Promise.all(names.map((name) => this.#open(found.get(name))));
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
