import type { ResourceKey } from '../../fhir/ids.ts';
import type { Predicate, Query } from '../../search/query.ts';
import { openVault } from '../encryption/vault.ts';
import type { Commit, CommitResult, HistoryPage, HistoryQuery, SearchPage, Store, StoredVersion } from '../store.ts';
import { MongoAuditLog } from './audit-log.ts';
import { type ReadVersion, storedVersion, VERSION_PROJECTION } from './bodies.ts';
import { nativeCollections } from './collections.ts';
import { connect } from './connection.ts';
import { CurrentVersions } from './current-versions.ts';
import { MAJORITY } from './concerns.ts';
import { MongoContext } from './context.ts';
import { versionId } from './documents.ts';
import { GroupCommit } from './group-commit.ts';
import { forgetWriters } from './forget-writers.ts';
import { forms, makeHash } from './hashes.ts';
import { changes, history } from './history.ts';
import { createIndexes, verifyIndexes } from './indexes.ts';
import { keyTable } from './key-table.ts';
import { MongoOutbox } from './outbox.ts';
import { resourceName } from './prepared.ts';
import { makeModels } from './schemas.ts';
import { count, explain, search } from './search.ts';
import { HEAD, searchKey } from './search-key.ts';
import { unavailable } from './unavailable.ts';

export interface MongoStoreOptions {
  /** `mongodb://…/database?replicaSet=…`. */
  readonly url: string;
  /** 32 bytes. */
  readonly masterKey: Buffer;
  /** Milliseconds UTC. */
  readonly now?: () => number;
  /** Serve on a standalone mongod: no transactions, so commits are neither atomic nor isolated. For development. */
  readonly allowStandalone?: boolean;
  /** `verify`: indexes are made by someone else; missing ones stop the start. */
  readonly indexes?: 'create' | 'verify';
  /** How long (ms) an election may last before a request is answered `unavailable`. Default 18 s. */
  readonly patience?: number;
}

/** The store on a MongoDB replica set. Rejects where no primary answers, on a standalone mongod, and on missing indexes. */
export async function openMongoStore(options: MongoStoreOptions): Promise<Store> {
  const { connection, transactional } = await connect(options.url, options.allowStandalone ?? false);
  try {
    const models = makeModels(connection);
    if (options.indexes !== 'verify') await createIndexes(models);
    await verifyIndexes(models);
    const patience = options.patience ?? 18_000;
    const now = options.now ?? Date.now;
    const native = nativeCollections(connection, models);
    const vault = await openVault({ masterKey: options.masterKey, keys: keyTable(models, patience), now });
    const hash = makeHash(await searchKey(native, vault));
    await forgetWriters(native);
    const client = connection.getClient();
    const context = new MongoContext({ client, models, native, vault, hash, now, transactional, patience });
    return new MongoStore(context, () => connection.close());
  } catch (error) {
    await connection.destroy();
    throw error;
  }
}

class MongoStore implements Store {
  readonly kind = 'mongo';
  readonly audit: MongoAuditLog;
  readonly outbox: MongoOutbox;
  readonly #context: MongoContext;
  readonly #commits: GroupCommit;
  readonly #current: CurrentVersions;
  readonly #disconnect: () => Promise<void>;
  readonly #listeners = new Set<(transaction: number) => void>();
  #closing: Promise<void> | undefined;

  constructor(context: MongoContext, disconnect: () => Promise<void>) {
    this.#context = context;
    this.#disconnect = disconnect;
    this.audit = new MongoAuditLog(context);
    this.outbox = new MongoOutbox(context);
    this.#current = new CurrentVersions(context);
    this.#commits = new GroupCommit(context, (transaction) => {
      for (const listener of this.#listeners) listener(transaction);
    });
  }

  commit(commit: Commit): Promise<CommitResult> {
    return this.#commits.commit(commit);
  }

  read(key: ResourceKey): Promise<StoredVersion | undefined> {
    return this.#current.one(key);
  }

  async readMany(keys: readonly ResourceKey[]): Promise<readonly (StoredVersion | undefined)[]> {
    return keys.length === 0 ? [] : this.#current.many(keys);
  }

  async vread(key: ResourceKey, version: number): Promise<StoredVersion | undefined> {
    const current = await this.read(key);
    if (!current || current.version <= version) return current?.version === version ? current : undefined;
    const found = await this.#context.reading((session) =>
      this.#context.native.versions.findOne<ReadVersion>(
        { _id: versionId(resourceName(key), version) },
        { session, projection: VERSION_PROJECTION, ...MAJORITY },
      ),
    );
    return found ? storedVersion(this.#context, found) : undefined;
  }

  history(query: HistoryQuery): Promise<HistoryPage> {
    return history(this.#context, query);
  }

  search(query: Query): Promise<SearchPage> {
    return search(this.#context, query);
  }

  count(types: readonly string[], where: Predicate): Promise<number> {
    return count(this.#context, types, where);
  }

  async targets(sources: readonly ResourceKey[], param: string): Promise<readonly ResourceKey[]> {
    if (sources.length === 0) return [];
    const { hash, native } = this.#context;
    const wanted = new Set(sources.map((s) => hash(forms.values(s.type, param))));
    const found = await this.#context.reading((session) =>
      native.resources
        .find(
          { _id: { $in: [...new Set(sources.map(resourceName))] }, live: true },
          { session, projection: { links: 1 }, ...MAJORITY },
        )
        .toArray(),
    );
    const targets = new Set(found.flatMap((f) => (f.links ?? []).flatMap(({ p, t }) => (wanted.has(p) ? [t] : []))));
    return [...targets].map((name) => ({
      type: name.slice(0, name.indexOf('/')),
      id: name.slice(name.indexOf('/') + 1),
    }));
  }

  changes(after: number, limit: number): Promise<readonly StoredVersion[]> {
    return changes(this.#context, after, limit);
  }

  async lastTransaction(): Promise<number> {
    const head = await this.#context.reading((session) =>
      this.#context.models.heads.findById(HEAD, { transaction: 1 }).session(session).readConcern('majority').lean(),
    );
    return head?.transaction ?? 0;
  }

  onCommit(listener: (transaction: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  explain(query: Query): Promise<unknown> {
    return explain(this.#context, query);
  }

  async ready(): Promise<void> {
    const { client } = this.#context;
    try {
      // `hello` alone is answered by a member that has lost its majority; a primary says that it can be written to.
      const hello = await client.db('admin').command({ hello: 1 }, { timeoutMS: 3000 });
      if (hello['isWritablePrimary'] !== true) throw new Error('no MongoDB member is a writable primary');
    } catch (error) {
      throw unavailable(error);
    }
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      try {
        await this.#commits.close();
        await this.audit.idle();
      } finally {
        await this.#disconnect();
      }
    })();
    return this.#closing;
  }
}
