import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';

export type Value = number | string | Uint8Array | null;
export type Row = readonly Value[];

/** SQL text with the values of its `?`. Travels between threads. */
export interface Sql {
  readonly text: string;
  readonly values: readonly Value[];
}

// Statements with inlined set numbers vary; those not used lately are dropped rather than kept for ever.
const STATEMENTS = 2000;

/** How a connection uses memory and its write-ahead log. */
export interface Tuning {
  /** Pages kept in memory, KiB. */
  readonly cache: number;
  /** Pages in the write-ahead log at which the commit that reaches them moves them to the database; 0: none does. */
  readonly checkpoint: number;
}
const RANDOM: Tuning = { cache: 16_384, checkpoint: 20_000 };
/** The log is moved beside the writer (writer/log-mover.ts): thousands of pages take some 30 ms, for which all writes would wait. */
export const WRITER: Tuning = { ...RANDOM, checkpoint: 0 };
/** The log of reads is appended to: few of its pages are wanted again, and a short write-ahead log is soon written over in place, which the disk does faster than making it longer. */
export const READS: Tuning = { cache: 2048, checkpoint: 4000 };

/** One SQLite connection with its prepared statements. Rows are arrays in column order. */
export class Connection {
  readonly #database: DatabaseSyncInstance;
  readonly #statements = new Map<string, StatementSyncInstance>();

  constructor(file: string, { cache, checkpoint } = RANDOM) {
    this.#database = new DatabaseSync(file);
    // FULL: a commit is on disk when it returns, also after power loss.
    this.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 20000');
    this.exec(`PRAGMA cache_size = -${cache}; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = ${checkpoint}`);
  }

  exec(text: string): void {
    this.#database.exec(text);
  }

  /** The first row, or undefined. */
  get(text: string, values: readonly Value[] = []): Row | undefined {
    return this.#prepared(text).get(...values) as Row | undefined;
  }

  all(text: string, values: readonly Value[] = []): readonly Row[] {
    return this.#prepared(text).all(...values) as Row[];
  }

  /** Runs a statement that gives no rows. */
  run(text: string, values: readonly Value[] = []): void {
    // `get` runs it to its end as `run` does, and makes no object to tell of it: two thirds of the time.
    this.#prepared(text).get(...values);
  }

  /** As `run`; rows changed. */
  changed(text: string, values: readonly Value[] = []): number {
    return Number(this.#prepared(text).run(...values).changes);
  }

  /** Runs `work` in a write transaction; what it throws undoes everything. */
  write<T>(work: () => T): T {
    this.run('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      // A full disk has rolled back already.
      if (this.#database.isTransaction) this.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepared(text: string): StatementSyncInstance {
    const known = this.#statements.get(text);
    if (known) return known;
    const made = this.#database.prepare(text);
    made.setReturnArrays(true);
    if (this.#statements.size >= STATEMENTS) {
      const oldest = this.#statements.keys().next();
      if (!oldest.done) this.#statements.delete(oldest.value);
    }
    this.#statements.set(text, made);
    return made;
  }
}

/** A column that the schema declares INTEGER NOT NULL. */
export const integer = (row: Row | undefined, column: number): number => {
  const value = row?.[column];
  if (typeof value !== 'number') throw new Error(`column ${column} holds no number`);
  return value;
};
export const string = (row: Row | undefined, column: number): string => {
  const value = row?.[column];
  if (typeof value !== 'string') throw new Error(`column ${column} holds no text`);
  return value;
};
export const bytes = (row: Row | undefined, column: number): Buffer => {
  const value = row?.[column];
  if (!(value instanceof Uint8Array)) throw new Error(`column ${column} holds no bytes`);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
};
