import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ResourceKey } from '../../fhir/ids.ts';
import type { Predicate, Query } from '../../search/query.ts';
import { openVault, type Vault } from '../encryption/vault.ts';
import type {
  Commit,
  CommitResult,
  HistoryPage,
  HistoryQuery,
  Outbox,
  SearchPage,
  Store,
  StoredVersion,
} from '../store.ts';
import { SqliteAuditLog } from './audit/audit-log.ts';
import { Committer } from './commit.ts';
import { bytes, Connection, integer, READS, type Row } from './connection.ts';
import { type Hash, hashed, keyedHash } from './hash.ts';
import { changes, history } from './history.ts';
import { keyRow, keyTable } from './key-table.ts';
import { migrate } from './migrate.ts';
import { NameTable } from './name-table.ts';
import { sqliteOutbox } from './outbox.ts';
import { countMatches, explain, search, targets } from './search.ts';
import { OpenedVersions } from './opened-versions.ts';
import { READS_STEPS, STEPS } from './schema.ts';
import { versionAt } from './stored-version.ts';
import { WriterClient } from './writer-client.ts';

export interface SqliteStoreOptions {
  /** The database file; its folder is made. Beside it lie `-wal`, `-shm` and, for the log of reads, the same with `-reads`. */
  readonly file: string;
  /** 32 bytes. */
  readonly masterKey: Buffer;
  /** Milliseconds UTC. */
  readonly now?: () => number;
}

const OPENED_BYTES = 36 << 20;

interface Parts {
  readonly connection: Connection;
  /** The audit log of what was only read. */
  readonly reads: Connection;
  readonly writer: WriterClient;
  readonly vault: Vault;
  readonly names: NameTable;
  readonly opened: OpenedVersions;
  readonly hash: Hash;
  readonly now: () => number;
}

/** Opens, and creates or migrates, an embedded store. Throws where the master key is another or the schema is newer. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { file, masterKey, now = Date.now } = options;
  mkdirSync(dirname(file), { recursive: true });
  const readsFile = `${file}-reads`;
  const connection = new Connection(file);
  const reads = new Connection(readsFile, READS);
  try {
    migrate(connection, STEPS);
    migrate(reads, READS_STEPS);
    const vault = await openVault({ masterKey, keys: keyTable(connection), now });
    const secret = await hashSecret(connection, vault);
    const hash = keyedHash(secret);
    const { id: dataKey, secret: key } = await vault.sealingKey(null);
    const writer = new WriterClient({ file, readsFile, secret, dataKey, key });
    const names = new NameTable(connection, async (wanted) => {
      const reply = await writer.send(() => ({ kind: 'define', names: wanted }));
      return reply.kind === 'defined' ? reply.numbers : [];
    });
    const opened = new OpenedVersions(OPENED_BYTES);
    return new SqliteStore({ connection, reads, writer, vault, names, opened, hash, now });
  } catch (error) {
    connection.close();
    reads.close();
    throw error;
  }
}

/** The secret under which the database's index values are hashed, made once and kept sealed. */
async function hashSecret(connection: Connection, vault: Vault): Promise<string> {
  const made = await vault.seal(null, 'secret/hash', randomBytes(16));
  connection.write(() => {
    if (connection.get("SELECT 1 FROM secret WHERE name = 'hash'")) return;
    if (made.newKey) {
      const [id, patient, master, wrapped, created] = keyRow(made.newKey);
      connection.run('INSERT INTO data_key VALUES (?, ?, ?, ?, ?)', [
        id,
        patient,
        master,
        Buffer.from(wrapped, 'base64'),
        created,
      ]);
    }
    connection.run("INSERT INTO secret VALUES ('hash', ?, ?)", [made.keyId, made.sealed]);
    vault.stored([made.keyId]);
  });
  const row = connection.get("SELECT data_key, sealed FROM secret WHERE name = 'hash'");
  return (await vault.open(integer(row, 0), 'secret/hash', bytes(row, 1))).toString('hex');
}

class SqliteStore implements Store {
  readonly kind = 'sqlite';
  readonly audit: SqliteAuditLog;
  readonly outbox: Outbox;
  readonly #parts: Parts;
  readonly #committer: Committer;
  readonly #listeners = new Set<(transaction: number) => void>();
  readonly #writing = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#committer = new Committer(parts);
    const { connection, reads, vault, hash } = parts;
    this.audit = new SqliteAuditLog(parts.writer, { connection, vault, hash }, { connection: reads, vault, hash });
    this.outbox = sqliteOutbox(parts);
  }

  async commit(commit: Commit): Promise<CommitResult> {
    const writing = this.#committer.commit(commit);
    this.#writing.add(writing);
    try {
      const { wrote, ...result } = await writing;
      if (result.kind === 'committed' && wrote) for (const listener of this.#listeners) listener(result.transaction);
      return result;
    } finally {
      this.#writing.delete(writing);
    }
  }

  async read(key: ResourceKey): Promise<StoredVersion | undefined> {
    return this.#version(key, this.#parts.connection.get('SELECT seq FROM current WHERE key = ?', [this.#hash(key)]));
  }

  readMany(keys: readonly ResourceKey[]): Promise<readonly (StoredVersion | undefined)[]> {
    return Promise.all(keys.map((key) => this.read(key)));
  }

  async vread(key: ResourceKey, version: number): Promise<StoredVersion | undefined> {
    const hash = this.#hash(key);
    const row = this.#parts.connection.get(
      'SELECT seq FROM current WHERE key = ? AND version = ? UNION ALL SELECT seq FROM superseded WHERE key = ? AND version = ?',
      [hash, version, hash, version],
    );
    return this.#version(key, row);
  }

  history(query: HistoryQuery): Promise<HistoryPage> {
    return history(this.#parts, query);
  }

  search(query: Query): Promise<SearchPage> {
    return search(this.#parts, query);
  }

  async count(types: readonly string[], where: Predicate): Promise<number> {
    return countMatches(this.#parts, types, where);
  }

  async targets(sources: readonly ResourceKey[], param: string): Promise<readonly ResourceKey[]> {
    return targets(this.#parts, sources, param);
  }

  changes(after: number, limit: number): Promise<readonly StoredVersion[]> {
    return changes(this.#parts, after, limit);
  }

  async lastTransaction(): Promise<number> {
    return integer(this.#parts.connection.get('SELECT tx FROM state'), 0);
  }

  onCommit(listener: (transaction: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async explain(query: Query): Promise<unknown> {
    return explain(this.#parts, query);
  }

  async ready(): Promise<void> {
    const { failure } = this.#parts.writer;
    if (failure !== undefined) throw new Error(failure);
    this.#parts.connection.get('SELECT tx FROM state');
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.allSettled([...this.#writing, this.audit.settled()]);
    await this.#parts.writer.close();
    this.#parts.connection.close();
    this.#parts.reads.close();
  }

  /** The version that a row names; not that of another key with the same hash. */
  #version(key: ResourceKey, row: Row | undefined): StoredVersion | undefined {
    const version = row && versionAt(this.#parts, integer(row, 0));
    return version?.id === key.id && version.type === key.type ? version : undefined;
  }

  #hash({ type, id }: ResourceKey): number {
    return this.#parts.hash(hashed.key(type, id));
  }
}
