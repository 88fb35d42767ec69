import type { AuditQuery, StoredAuditRecord } from '../../audit-log.ts';
import type { Vault } from '../../encryption/vault.ts';
import { bytes, type Connection, integer, type Row, string } from '../connection.ts';
import { type Hash, hashed } from '../hash.ts';
import { AUDIT_PLACE, unpackRecords } from './block.ts';
import { blockHash } from './block-hash.ts';
import { blocksWith } from './places.ts';

const COLUMNS = 'b.block, b.low, b.high, b.records, b.previous, b.hash, b.versions, b.data_key, b.sealed';
const PAGE = 64;

/** One chain's database and what opens its blocks. Ids of its records are `<letter><block>-<n>`. */
export interface ChainParts {
  readonly letter: string;
  readonly connection: Connection;
  readonly vault: Vault;
  readonly hash: Hash;
}

/** Where in a chain; `n` is the record's place in its block. */
export interface Place {
  readonly letter: string;
  readonly block: number;
  readonly n: number;
}

/** A block that may hold matches. `high` never falls from block to block. */
export interface Found {
  readonly block: number;
  readonly high: number;
  readonly row: Row;
}

export const placeOfId = (id: string): Place | undefined => {
  const match = /^([ar])(\d{1,15})-(\d{1,9})$/.exec(id);
  return match ? { letter: match[1] ?? '', block: Number(match[2]), n: Number(match[3]) } : undefined;
};

/** Reads one chain of sealed blocks. */
export class AuditChain {
  readonly letter: string;
  readonly #parts: ChainParts;

  constructor(parts: ChainParts) {
    this.letter = parts.letter;
    this.#parts = parts;
  }

  /** Blocks below `below` that may hold matches, newest first. */
  *found(query: AuditQuery, below: number): Generator<Found> {
    const interval = ' AND b.high >= ? AND b.low <= ?';
    const bounds = [query.low ?? Number.MIN_SAFE_INTEGER, query.high ?? Number.MAX_SAFE_INTEGER];
    const { connection } = this.#parts;
    if (query.terms.length > 0) {
      const terms = query.terms.map((group) => group.map((term) => this.#hashed(term)));
      for (const block of blocksWith(connection, terms, below)) {
        const row = connection.get(`SELECT ${COLUMNS} FROM audit_block b WHERE b.block = ?${interval}`, [
          block,
          ...bounds,
        ]);
        if (row) yield foundIn(row);
      }
      return;
    }
    for (let from = below; ; ) {
      const rows = connection.all(
        `SELECT ${COLUMNS} FROM audit_block b WHERE b.block < ?${interval} ORDER BY b.block DESC LIMIT ${PAGE}`,
        [from, ...bounds],
      );
      yield* rows.map(foundIn);
      if (rows.length < PAGE) return;
      from = integer(rows.at(-1), 0);
    }
  }

  /** The records of a block that match, newest first; only those before place `n`. */
  async matches({ row }: Found, query: AuditQuery, before: number): Promise<readonly StoredAuditRecord[]> {
    // Earlier blocks hold terms hashed.
    const terms = query.terms.map((group) => group.flatMap((term) => [term, this.#hashed(term)]));
    const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = query;
    return (await this.#open(row))
      .filter(
        ({ record: { at }, terms: its }, n) =>
          n < before && at >= low && at <= high && terms.every((group) => group.some((term) => its.includes(term))),
      )
      .map(({ record }) => record)
      .reverse();
  }

  async get({ block, n }: Place): Promise<StoredAuditRecord | undefined> {
    const row = this.#block(block);
    return row && (await this.#open(row))[n]?.record;
  }

  /** `high` of a block. */
  highOf(block: number): number | undefined {
    const row = this.#block(block);
    return row && integer(row, 2);
  }

  /** The number of the first block whose `high` is above that, or not below it where `orEqual`. */
  firstAbove(high: number, orEqual: boolean): number {
    let from = 1;
    let to = integer(this.#parts.connection.get('SELECT coalesce(max(block), 0) FROM audit_block'), 0) + 1;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const its = this.highOf(middle) ?? Number.NEGATIVE_INFINITY;
      if (its > high || (orEqual && its === high)) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  /** Recomputes the chain; `broken` names the first block whose hash does not follow from the one before. */
  verify(): { readonly records: number; readonly broken?: string } {
    const { connection } = this.#parts;
    let records = 0;
    let block = 0;
    let previous: Buffer = Buffer.alloc(32);
    for (;;) {
      const rows = connection.all(
        `SELECT ${COLUMNS} FROM audit_block b WHERE b.block > ? ORDER BY b.block LIMIT ${PAGE}`,
        [block],
      );
      for (const row of rows) {
        block++;
        const facts = {
          block: integer(row, 0),
          low: integer(row, 1),
          high: integer(row, 2),
          records: integer(row, 3),
          versions: string(row, 6),
          dataKey: integer(row, 7),
        };
        const follows =
          facts.block === block &&
          bytes(row, 4).equals(previous) &&
          blockHash(previous, facts, bytes(row, 8)).equals(bytes(row, 5));
        if (!follows) return { records, broken: `${this.letter}${block}` };
        previous = bytes(row, 5);
        records += facts.records;
      }
      if (rows.length === PAGE) continue;
      // A block cut off at the end leaves a chain that holds: the store's own state says where it ends.
      const end = integer(
        connection.get(
          'SELECT max(block) FROM (SELECT block FROM state UNION ALL SELECT coalesce(max(block), 0) FROM audit_block)',
        ),
        0,
      );
      return end > block ? { records, broken: `${this.letter}${block + 1}` } : { records };
    }
  }

  #block(block: number): Row | undefined {
    return this.#parts.connection.get(`SELECT ${COLUMNS} FROM audit_block b WHERE b.block = ?`, [block]);
  }

  #hashed(term: string): number {
    return this.#parts.hash(hashed.auditTerm(term));
  }

  async #open(row: Row) {
    const packed = await this.#parts.vault.open(integer(row, 7), AUDIT_PLACE, bytes(row, 8));
    const made = string(row, 6);
    const versions: readonly (number | null)[] = made === '' ? [] : JSON.parse(made);
    return unpackRecords(packed).map(({ at, text, terms }, n) => {
      const version = versions[n];
      const id = `${this.letter}${integer(row, 0)}-${n}`;
      return { record: { id, at, text, ...(typeof version === 'number' && { version }) }, terms };
    });
  }
}

const foundIn = (row: Row): Found => ({ block: integer(row, 0), high: integer(row, 2), row });
