import type { AuditLog, AuditQuery, AuditRecord, StoredAuditRecord } from '../../audit-log.ts';
import type { WriterClient } from '../writer-client.ts';
import { AuditChain, type ChainParts, type Found, placeOfId } from './chain.ts';
import { RecordLines } from './record-lines.ts';

/** So many records at once are on their way while the others of this turn of the event loop are still being made. */
const AHEAD = 32;

/** Records on their way to the writer in one batch. */
interface Gathering {
  readonly batch: number;
  readonly records: RecordLines;
}

/**
 * The audit log as two chains of sealed blocks: what changes told of lies in the database, in the commit of the change;
 * what was only read in a file beside it, so that a read does not cost the database a commit.
 */
export class SqliteAuditLog implements AuditLog {
  readonly #writer: WriterClient;
  readonly #chains: readonly [AuditChain, AuditChain];
  #gathering: Gathering | undefined;
  #written: Promise<void> = Promise.resolve();

  /** The chain of the database, and that of the file beside it. */
  constructor(writer: WriterClient, changes: Omit<ChainParts, 'letter'>, reads: Omit<ChainParts, 'letter'>) {
    this.#writer = writer;
    this.#chains = [new AuditChain({ ...reads, letter: 'r' }), new AuditChain({ ...changes, letter: 'a' })];
  }

  append(record: AuditRecord): Promise<void> {
    if (this.#gathering?.batch === this.#writer.batch) {
      if (this.#gathering.records.add(record) === AHEAD) this.#writer.flush();
      return this.#written;
    }
    const records = new RecordLines([record]);
    this.#gathering = { batch: this.#writer.batch, records };
    this.#written = this.#writer.send(() => ({ kind: 'audit' }), records).then(() => undefined);
    return this.#written;
  }

  /** Resolves when what was appended so far is written. */
  async settled(): Promise<void> {
    await this.#written;
  }

  async find(query: AuditQuery): Promise<readonly StoredAuditRecord[]> {
    const last = query.before === undefined ? undefined : placeOfId(query.before);
    if (query.before !== undefined && !last) return [];
    const high = last && this.#chainOf(last.letter)?.highOf(last.block);
    const streams = this.#chains.map((chain, order) => {
      if (!last || high === undefined) return stream(chain, query, Number.MAX_SAFE_INTEGER);
      if (chain.letter === last.letter) return stream(chain, query, last.block + 1);
      // Of blocks with the same `high` those of the first chain come first.
      return stream(chain, query, chain.firstAbove(high, order === 0));
    });
    const records: StoredAuditRecord[] = [];
    for (;;) {
      const next = streams.reduce<Stream | undefined>(
        (best, each) => (each.head && (!best?.head || each.head.high > best.head.high) ? each : best),
        undefined,
      );
      if (!next?.head) return records;
      const { chain, head } = next;
      const isLast = last?.letter === chain.letter && last.block === head.block;
      for (const record of await chain.matches(head, query, isLast ? last.n : Number.POSITIVE_INFINITY)) {
        records.push(record);
        if (records.length === query.limit) return records;
      }
      next.advance();
    }
  }

  async get(id: string): Promise<StoredAuditRecord | undefined> {
    const place = placeOfId(id);
    return place && this.#chainOf(place.letter)?.get(place);
  }

  async verify(): Promise<{ readonly records: number; readonly broken?: string }> {
    const [reads, changes] = this.#chains.map((chain) => chain.verify());
    const broken = changes?.broken ?? reads?.broken;
    return { records: (reads?.records ?? 0) + (changes?.records ?? 0), ...(broken !== undefined && { broken }) };
  }

  #chainOf(letter: string): AuditChain | undefined {
    return this.#chains.find((chain) => chain.letter === letter);
  }
}

/** A chain's blocks that may hold matches, one at a time. */
interface Stream {
  readonly chain: AuditChain;
  head: Found | undefined;
  advance(): void;
}

function stream(chain: AuditChain, query: AuditQuery, below: number): Stream {
  const blocks = chain.found(query, below);
  const made: Stream = {
    chain,
    head: undefined,
    advance() {
      const next = blocks.next();
      made.head = next.done ? undefined : next.value;
    },
  };
  made.advance();
  return made;
}
