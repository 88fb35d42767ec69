import type { AuditLog, AuditQuery, AuditRecord, StoredAuditRecord } from '../audit-log.ts';
import type { Vault } from '../encryption/vault.ts';
import { AUDIT_PLACE, unpackRecords } from './audit-block.ts';
import { blockHash } from './block-hash.ts';
import { bytes, type Connection, integer, type Row, string } from './connection.ts';
import { type Hash, hashed } from './hash.ts';
import type { RecordOrder } from './messages.ts';
import type { Keep, WriterClient } from './writer-client.ts';

const COLUMNS = 'b.block, b.low, b.high, b.records, b.previous, b.hash, b.versions, b.data_key, b.sealed';
const PAGE = 64;

interface Parts {
  readonly connection: Connection;
  readonly writer: WriterClient;
  readonly vault: Vault;
  readonly hash: Hash;
}

/** The order of one audit record. */
export const recordOrder = ({ at, terms, change = -1, bytes }: AuditRecord, keep: Keep): RecordOrder => ({
  at,
  terms,
  change,
  bytes: keep(bytes),
});

/** Records on their way to the writer in one batch. */
interface Gathering {
  readonly batch: number;
  readonly records: RecordOrder[];
  readonly keep: Keep;
}

/** The audit log as blocks: records written in one group of commits are sealed and chained as one. Ids are `a<block>-<n>`. */
export class SqliteAuditLog implements AuditLog {
  readonly #parts: Parts;
  #gathering: Gathering | undefined;
  #written: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  append(record: AuditRecord): Promise<void> {
    const { writer } = this.#parts;
    if (this.#gathering?.batch === writer.batch) {
      this.#gathering.records.push(recordOrder(record, this.#gathering.keep));
      return this.#written;
    }
    const { batch } = writer;
    const sent = writer.send((keep) => {
      const records = [recordOrder(record, keep)];
      this.#gathering = { batch, records, keep };
      return { kind: 'audit', records };
    });
    this.#written = sent.then(() => undefined);
    return this.#written;
  }

  /** Resolves when what was appended so far is written. */
  async settled(): Promise<void> {
    await this.#written;
  }

  async find(query: AuditQuery): Promise<readonly StoredAuditRecord[]> {
    const found: StoredAuditRecord[] = [];
    const last = query.before === undefined ? undefined : place(query.before);
    if (query.before !== undefined && !last) return found;
    let below = last ? last.block + 1 : Number.MAX_SAFE_INTEGER;
    while (found.length < query.limit) {
      const rows = this.#blocks(query, below);
      for (const row of rows) {
        below = integer(row, 0);
        for (const record of (await this.#open(row)).reverse()) {
          const older = !last || below < last.block || (place(record.id)?.n ?? 0) < last.n;
          if (older && matches(record, query)) found.push(record);
          if (found.length === query.limit) return found;
        }
      }
      if (rows.length < PAGE) break;
    }
    return found;
  }

  async get(id: string): Promise<StoredAuditRecord | undefined> {
    const asked = place(id);
    if (!asked) return undefined;
    const row = this.#parts.connection.get(`SELECT ${COLUMNS} FROM audit_block b WHERE b.block = ?`, [asked.block]);
    return row && (await this.#open(row))[asked.n];
  }

  async verify(): Promise<{ readonly records: number; readonly broken?: string }> {
    let records = 0;
    let block = 0;
    let previous: Buffer = Buffer.alloc(32);
    for (;;) {
      const rows = this.#parts.connection.all(
        `SELECT ${COLUMNS} FROM audit_block b WHERE b.block > ? ORDER BY b.block LIMIT ?`,
        [block, PAGE],
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
        if (!follows) return { records, broken: `a${block}` };
        previous = bytes(row, 5);
        records += facts.records;
      }
      if (rows.length === PAGE) continue;
      // A block cut off at the end leaves a chain that holds: the store's own state says where it ends.
      const end = integer(
        this.#parts.connection.get(
          'SELECT max(block) FROM (SELECT block FROM state UNION ALL SELECT coalesce(max(block), 0) FROM audit_block)',
        ),
        0,
      );
      return end > block ? { records, broken: `a${block + 1}` } : { records };
    }
  }

  /** Blocks that may hold matches, newest first: the first term leads, the others are looked up. */
  #blocks(query: AuditQuery, below: number): readonly Row[] {
    const [first, ...others] = [...new Set(query.terms)].map((term) => this.#parts.hash(hashed.auditTerm(term)));
    const also = others
      .map(() => ' AND EXISTS (SELECT 1 FROM audit_term o WHERE o.term = ? AND o.block = b.block)')
      .join('');
    const interval = ' AND b.high >= ? AND b.low <= ?';
    const bounds = [query.low ?? Number.MIN_SAFE_INTEGER, query.high ?? Number.MAX_SAFE_INTEGER];
    if (first === undefined)
      return this.#parts.connection.all(
        `SELECT ${COLUMNS} FROM audit_block b WHERE b.block < ?${interval} ORDER BY b.block DESC LIMIT ?`,
        [below, ...bounds, PAGE],
      );
    return this.#parts.connection.all(
      `SELECT ${COLUMNS} FROM audit_term t CROSS JOIN audit_block b ON b.block = t.block
       WHERE t.term = ? AND t.block < ?${interval}${also} ORDER BY t.block DESC LIMIT ?`,
      [first, below, ...bounds, ...others, PAGE],
    );
  }

  async #open(row: Row): Promise<StoredAuditRecord[]> {
    const packed = await this.#parts.vault.open(integer(row, 7), AUDIT_PLACE, bytes(row, 8));
    const made = string(row, 6);
    const versions: readonly (number | null)[] = made === '' ? [] : JSON.parse(made);
    return unpackRecords(packed).map((record, n) => {
      const version = versions[n];
      return { ...record, id: `a${integer(row, 0)}-${n}`, ...(typeof version === 'number' && { version }) };
    });
  }
}

const place = (id: string): { readonly block: number; readonly n: number } | undefined => {
  const match = /^a(\d{1,15})-(\d{1,9})$/.exec(id);
  return match ? { block: Number(match[1]), n: Number(match[2]) } : undefined;
};

const matches = (record: StoredAuditRecord, query: AuditQuery): boolean =>
  record.at >= (query.low ?? Number.NEGATIVE_INFINITY) &&
  record.at <= (query.high ?? Number.POSITIVE_INFINITY) &&
  query.terms.every((term) => record.terms.includes(term));
