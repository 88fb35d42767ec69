import type { NewOutboxItem, Outbox, OutboxItem } from '../store.ts';
import { DURABLE } from './concerns.ts';
import type { MongoContext } from './context.ts';
import { bytesOf } from './documents.ts';
import type { OutboxDocument } from './outbox-documents.ts';
import { keyDocument } from './search-key.ts';

/** Counts appended items; no consumer has this name. */
const APPENDED = '#appended';
const place = (id: string): string => `outbox/${id}`;

export class MongoOutbox implements Outbox {
  readonly #context: MongoContext;

  constructor(context: MongoContext) {
    this.#context = context;
  }

  async advance(cursor: string, from: number, to: number, items: readonly NewOutboxItem[]): Promise<boolean> {
    const sealed = await Promise.all(
      items.map(async (item) => ({ item, ...(await this.#context.vault.seal(null, place(item.id), item.payload)) })),
    );
    const { native } = this.#context;
    return this.#context.writing(async (session) => {
      // A cursor that moves alone needs no transaction.
      if (items.length === 0 && from !== 0) {
        const moved = await native.cursors.updateOne(
          { _id: cursor, value: from },
          { $set: { value: to } },
          { session, ...DURABLE },
        );
        return moved.matchedCount === 1;
      }
      if (this.#context.transactional) session.startTransaction({ readConcern: { level: 'snapshot' }, ...DURABLE });
      try {
        const moved = await native.cursors.findOneAndUpdate(
          { _id: cursor, value: from },
          { $set: { value: to } },
          { session },
        );
        if (!moved) {
          const there = await native.cursors.findOne({ _id: cursor }, { session });
          if (from !== 0 || there) {
            if (session.inTransaction()) await session.abortTransaction();
            return false;
          }
          await native.cursors.insertOne({ _id: cursor, value: to }, { session });
        }
        if (items.length > 0) {
          const before = await native.cursors.findOneAndUpdate(
            { _id: APPENDED },
            { $inc: { value: items.length } },
            { session, upsert: true, returnDocument: 'after' },
          );
          const first = (before?.value ?? items.length) - items.length;
          for (const { newKey } of sealed)
            if (newKey)
              await native.keys.updateOne(
                { _id: newKey.id },
                { $setOnInsert: keyDocument(newKey) },
                { session, upsert: true },
              );
          await native.outbox.bulkWrite(
            sealed.map(({ item, keyId, sealed: payload }, i) => {
              const { lane, kind, due } = item;
              const fresh = { lane, kind, due, keyId, payload, n: first + i, attempts: 0, leasedUntil: 0, open: true };
              return { updateOne: { filter: { _id: item.id }, update: { $setOnInsert: fresh }, upsert: true } };
            }),
            { session },
          );
        }
        if (session.inTransaction()) await session.commitTransaction();
        return true;
      } catch (error) {
        if (session.inTransaction()) await session.abortTransaction();
        throw error;
      }
    });
  }

  async cursor(name: string): Promise<number> {
    const found = await this.#context.reading((session) =>
      this.#context.models.cursors.findById(name).session(session).readConcern('majority').lean(),
    );
    return found?.value ?? 0;
  }

  async claim(worker: string, now: number, leaseMs: number, limit: number): Promise<readonly OutboxItem[]> {
    const { outbox } = this.#context.native;
    // Only the first open item of a lane may be worked on: it is one document, so two workers cannot both lease a lane.
    const heads = await this.#context.reading((session) =>
      outbox
        .aggregate<OutboxDocument>(
          [
            { $match: { open: true } },
            { $sort: { lane: 1, n: 1 } },
            {
              $group: {
                _id: '$lane',
                id: { $first: '$_id' },
                n: { $first: '$n' },
                due: { $first: '$due' },
                leasedUntil: { $first: '$leasedUntil' },
              },
            },
            { $match: { due: { $lte: now }, leasedUntil: { $lte: now } } },
            { $sort: { n: 1 } },
            { $limit: limit },
            { $project: { _id: '$id' } },
          ],
          { session, hint: 'lanes' },
        )
        .toArray(),
    );
    const claimed: OutboxItem[] = [];
    for (const { _id } of heads) {
      const found = await this.#context.writing((session) =>
        outbox.findOneAndUpdate(
          { _id, open: true, due: { $lte: now }, leasedUntil: { $lte: now } },
          { $set: { worker, leasedUntil: now + leaseMs }, $inc: { attempts: 1 } },
          { session, returnDocument: 'after', ...DURABLE },
        ),
      );
      if (found) claimed.push(await this.#opened(found));
    }
    return claimed;
  }

  async #opened(found: OutboxDocument): Promise<OutboxItem> {
    const { _id: id, lane, kind, due, attempts, keyId } = found;
    const payload = await this.#context.vault.open(keyId, place(id), bytesOf(found.payload));
    return { id, lane, kind, due, attempts, payload };
  }

  async done(id: string, worker: string): Promise<void> {
    await this.#context.writing((session) =>
      this.#context.native.outbox.updateOne(
        { _id: id, worker, open: true },
        { $set: { open: false, ended: new Date() }, $unset: { payload: 1 } },
        { session, ...DURABLE },
      ),
    );
  }

  async retry(id: string, worker: string, due: number, error: string): Promise<void> {
    await this.#context.writing((session) =>
      this.#context.native.outbox.updateOne(
        { _id: id, worker, open: true },
        { $set: { due, error: error.slice(0, 1000), leasedUntil: 0 }, $unset: { worker: 1 } },
        { session, ...DURABLE },
      ),
    );
  }

  pending(lane: string): Promise<number> {
    return this.#context.reading((session) =>
      this.#context.native.outbox.countDocuments({ open: true, lane }, { session, hint: 'lanes' }),
    );
  }
}
