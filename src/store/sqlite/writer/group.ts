import { bytes, type Connection, integer } from '../connection.ts';
import type { KeyRow, Span } from '../messages.ts';
import { setMembers } from '../names.ts';
import { type AuditSealing, appendBlock, type MadeRecords } from './append-block.ts';

// A block is closed at so many records: all of them are opened to find one.
const BLOCK_RECORDS = 500;

/** The counters that every commit moves, as of the group in progress. */
export interface Counters {
  seq: number;
  tx: number;
  /** lastUpdated of the newest commit, ms UTC. */
  at: number;
  block: number;
  /** Of that block: `high` and hash. */
  high: number;
  hash: Buffer;
}

/**
 * One database transaction that holds many commits. Other processes may have written since the last group, so the
 * counters are read afresh under the write lock.
 */
export class Group {
  readonly connection: Connection;
  readonly counters: Counters;
  readonly #perType = new Map<number, number>();
  readonly #sealing: AuditSealing;
  #made: MadeRecords[] = [];
  #records = 0;

  constructor(connection: Connection, sealing: AuditSealing) {
    this.connection = connection;
    this.#sealing = sealing;
    const row = connection.get(
      'SELECT seq, tx, at, s.block, s.hash, coalesce(b.high, 0) FROM state s LEFT JOIN audit_block b ON b.block = s.block',
    );
    this.counters = {
      seq: integer(row, 0),
      tx: integer(row, 1),
      at: integer(row, 2),
      block: integer(row, 3),
      hash: bytes(row, 4),
      high: integer(row, 5),
    };
  }

  /** Moves the number of current resources of a type. */
  count(type: number, by: number): void {
    this.#perType.set(type, (this.#perType.get(type) ?? 0) + by);
  }

  /** Takes audit records, which are written with the group. */
  audit(made: MadeRecords): void {
    this.#made.push(made);
    this.#records += made.heads.count;
    if (this.#records >= BLOCK_RECORDS) this.#closeBlock();
  }

  #closeBlock(): void {
    if (this.#records > 0) appendBlock(this.connection, this.counters, this.#sealing, this.#made);
    this.#made = [];
    this.#records = 0;
  }

  /** Writes what was recorded and counted; the last thing before COMMIT. */
  finish(): void {
    this.#closeBlock();
    const { seq, tx, at, block, hash } = this.counters;
    this.connection.run('UPDATE state SET seq = ?, tx = ?, at = ?, block = ?, hash = ?', [seq, tx, at, block, hash]);
    for (const [type, by] of this.#perType)
      if (by !== 0)
        this.connection.run('INSERT INTO counter VALUES (?, ?) ON CONFLICT (type) DO UPDATE SET n = n + excluded.n', [
          type,
          by,
        ]);
  }

  /** Stores data keys made in memory. The same key may arrive with several commits; another one under its id is an error. */
  keys(rows: readonly KeyRow[]): void {
    for (const [id, patient, master, wrapped, created] of rows) {
      const known = this.connection.get('SELECT wrapped FROM data_key WHERE id = ?', [id]);
      if (!known)
        this.connection.run('INSERT INTO data_key VALUES (?, ?, ?, ?, ?)', [
          id,
          patient,
          master,
          Buffer.from(wrapped, 'base64'),
          created,
        ]);
      else if (bytes(known, 0).toString('base64') !== wrapped)
        throw new Error(`data key ${id} exists already and is another one`);
    }
  }

  /** Numbers of names, given to those that have none. */
  define(names: readonly string[]): number[] {
    return names.map((name) => {
      const known = this.connection.get('SELECT n FROM name WHERE text = ?', [name]);
      if (known) return integer(known, 0);
      this.connection.run('INSERT INTO name (text) VALUES (?)', [name]);
      const n = integer(this.connection.get('SELECT n FROM name WHERE text = ?', [name]), 0);
      const set = setMembers(name);
      for (const param of set?.params ?? [])
        this.connection.run('INSERT INTO member VALUES (?, ?, ?)', [set?.type ?? '', param, n]);
      return n;
    });
  }
}

/** The bytes of a span. */
export const cut = (all: Buffer, span: Span): Buffer => all.subarray(span.at, span.at + span.length);
