import mongoose from 'mongoose';
import type { AuditLog, AuditQuery, AuditRecord, StoredAuditRecord } from '../audit-log.ts';
import { type AuditBlockDocument, blockHash, genesis, type OpenedRecord, openBlock } from './audit-block.ts';
import { AuditChain } from './audit-chain.ts';
import { DURABLE, MAJORITY } from './concerns.ts';
import type { MongoContext } from './context.ts';
import { bytesOf } from './documents.ts';

interface Waiting {
  readonly record: AuditRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MOST_RECORDS = 1000;

const newerFirst = (a: StoredAuditRecord, b: StoredAuditRecord): number =>
  b.at - a.at || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

/** The log of accesses: what is appended while a flush is under way goes into the next one, all in one document. */
export class MongoAuditLog implements AuditLog {
  readonly #context: MongoContext;
  readonly #chain: AuditChain;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;

  constructor(context: MongoContext) {
    this.#context = context;
    this.#chain = new AuditChain(context.vault, context.hash);
  }

  append(record: AuditRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject });
      this.#flushing ??= this.#flushAll();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#flushing) await this.#flushing;
  }

  async #flushAll(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MOST_RECORDS);
      try {
        const block = await this.#chain.next(group.map((w) => w.record));
        await this.#insert(block);
        this.#chain.kept(block);
        for (const { resolve } of group) resolve();
      } catch (error) {
        this.#chain.restart();
        for (const { reject } of group) reject(error);
      }
    }
    this.#flushing = undefined;
  }

  async #insert(block: AuditBlockDocument): Promise<void> {
    let attempts = 0;
    await this.#context.writing(async (session) => {
      attempts++;
      try {
        await this.#context.native.audit.insertOne(block, { session, ...DURABLE });
      } catch (error) {
        // Made again after an unknown outcome: nobody else writes to this chain, so the block there is ours.
        const there = error instanceof mongoose.mongo.MongoServerError && error.code === 11000 && attempts > 1;
        if (!there) throw error;
      }
    });
  }

  async find(query: AuditQuery): Promise<readonly StoredAuditRecord[]> {
    const before = query.before === undefined ? undefined : await this.get(query.before);
    const latest = Math.min(query.high ?? Number.MAX_SAFE_INTEGER, before?.at ?? Number.MAX_SAFE_INTEGER);
    const terms = query.terms.map((group) => ({
      terms: { $in: group.map((term) => this.#context.hash(`audit\u0001${term}`)) },
    }));
    const wanted = ({ record, terms: its }: OpenedRecord): boolean =>
      record.at <= latest &&
      record.at >= (query.low ?? Number.MIN_SAFE_INTEGER) &&
      (!before || newerFirst(before, record) < 0) &&
      query.terms.every((group) => group.some((term) => its.includes(term)));
    return this.#context.reading(async (session) => {
      const found: StoredAuditRecord[] = [];
      let open: StoredAuditRecord[] = [];
      const blocks = this.#context.models.audit
        .find({
          ...(terms.length > 0 && { $and: terms }),
          low: { $lte: latest },
          ...(query.low !== undefined && { high: { $gte: query.low } }),
        })
        .sort({ high: -1 })
        .session(session)
        .readConcern('majority')
        .lean<AuditBlockDocument>()
        .cursor();
      for await (const block of blocks) {
        // Blocks come by falling `high`: what is newer than this block's newest cannot be overtaken any more.
        open.sort(newerFirst);
        const settled = open.filter((record) => record.at > block.high);
        found.push(...settled);
        if (found.length >= query.limit) {
          await blocks.close();
          return found.slice(0, query.limit);
        }
        open = open.slice(settled.length);
        const opened = await openBlock(this.#context.vault, block);
        open.push(...opened.filter(wanted).map(({ record }) => record));
      }
      return [...found, ...open.sort(newerFirst)].slice(0, query.limit);
    });
  }

  async get(id: string): Promise<StoredAuditRecord | undefined> {
    const block = id.slice(0, id.lastIndexOf('.'));
    const found = await this.#context.reading((session) =>
      this.#context.models.audit.findById(block).session(session).readConcern('majority').lean<AuditBlockDocument>(),
    );
    return found
      ? (await openBlock(this.#context.vault, found)).find(({ record }) => record.id === id)?.record
      : undefined;
  }

  async verify(): Promise<{ records: number; broken?: string }> {
    let records = 0;
    let last: AuditBlockDocument | undefined;
    const blocks = this.#context.native.audit.find({}, MAJORITY).sort({ _id: 1 });
    for await (const block of blocks) {
      const follows = last?.chain === block.chain;
      const previous = follows && last ? bytesOf(last.hash) : genesis(block.chain);
      const n = follows && last ? last.n + 1 : 1;
      const sound =
        block.n === n && bytesOf(block.previous).equals(previous) && bytesOf(block.hash).equals(blockHash(block));
      if (!sound) return { records, broken: block._id };
      records += block.count;
      last = block;
    }
    return { records };
  }
}
