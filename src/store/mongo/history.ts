import type { mongo } from 'mongoose';
import { Problem } from '../../fhir/problem.ts';
import type { HistoryPage, HistoryQuery, StoredVersion } from '../store.ts';
import { type ReadVersion, storedVersion, VERSION_PROJECTION } from './bodies.ts';
import type { MongoContext } from './context.ts';
import { SEQ, transactionOf, type VersionFields } from './documents.ts';

type Condition = Record<string, unknown>;

/** Merges two lists that are sorted by `seq`, in either direction. */
function merged(a: readonly ReadVersion[], b: readonly ReadVersion[], direction: 1 | -1): ReadVersion[] {
  return [...a, ...b].sort((x, y) => direction * (x.seq - y.seq));
}

const LEAST_TO_COME = /^(\d+)\.(-?\d+)$/;

/** Where the page before ended: `seq` and time. */
function position(after: string | undefined): { seq: number; at: number } | undefined {
  if (after === undefined) return undefined;
  const [, seq, at] = LEAST_TO_COME.exec(after) ?? [];
  if (seq === undefined || at === undefined) throw new Problem('invalid-search', 'The page asked for is unknown.');
  return { seq: Number(seq), at: Number(at) };
}

/** One page of history, newest first: current versions and superseded ones as of one moment, merged by `seq`. */
export async function history(context: MongoContext, query: HistoryQuery): Promise<HistoryPage> {
  const { type, id, since, at, count } = query;
  const after = position(query.after);
  const name = type !== undefined && id !== undefined ? `${type}/${id}` : undefined;
  const latest = Math.min(at?.high ?? Number.MAX_SAFE_INTEGER, after?.at ?? Number.MAX_SAFE_INTEGER);
  const common: Condition = {
    ...(after && { seq: { $lt: after.seq } }),
    ...((at || after) && { at: { $lte: latest } }),
    ...(type !== undefined && name === undefined && { type }),
  };
  const ofType = type !== undefined && name === undefined;
  // Live or not is both; said so, the index by type, state and time serves in order.
  const current = {
    ...common,
    ...(name !== undefined && { _id: name }),
    ...(ofType && { live: { $in: [true, false] } }),
  };
  const superseded = {
    ...common,
    ...(name !== undefined && { _id: { $gt: `${name}/`, $lt: `${name}0` } }),
    ...(at && { until: { $gt: at.low } }),
  };
  const options = { limit: count + 1, projection: VERSION_PROJECTION };
  return context.snapshot(async (session) => {
    const { resources, versions } = context.native;
    const bySeq = { seq: -1 } as const;
    const found = merged(
      await read(resources, current, { ...options, session, sort: ofType ? { at: -1, seq: -1 } : bySeq }),
      await read(versions, superseded, { ...options, session, sort: name === undefined ? bySeq : { _id: -1 } }),
      -1,
    ).filter((v) => since === undefined || v.at >= since);
    const page = found.slice(0, count);
    const last = page.at(-1);
    return {
      versions: await Promise.all(page.map((v) => storedVersion(context, v))),
      ...(found.length > count && last && { next: `${last.seq}.${last.at}` }),
    };
  });
}

/** Changes after a transaction, rising; the transaction at the limit is told whole. */
export async function changes(context: MongoContext, after: number, limit: number): Promise<readonly StoredVersion[]> {
  return context.snapshot(async (session) => {
    const { resources, versions } = context.native;
    const ask = async (seq: Condition, most: number): Promise<ReadVersion[]> => {
      const options = { session, projection: VERSION_PROJECTION, sort: { seq: 1 } as const, limit: most };
      const [a, b] = [await read(resources, { seq }, options), await read(versions, { seq }, options)];
      return merged(a, b, 1);
    };
    let found = await ask({ $gte: (after + 1) * SEQ }, limit + 1);
    if (found.length > limit) {
      const cut = transactionOf(found[limit]?.seq ?? 0);
      const whole = found.slice(0, limit).filter((v) => transactionOf(v.seq) < cut);
      // A transaction larger than the limit is told whole all the same.
      found = whole.length > 0 ? whole : await ask({ $gte: cut * SEQ, $lt: (cut + 1) * SEQ }, 0);
    }
    return Promise.all(found.map((v) => storedVersion(context, v)));
  });
}

const read = async <T extends VersionFields & { _id: string }>(
  collection: mongo.Collection<T>,
  filter: Condition,
  options: mongo.FindOptions,
): Promise<ReadVersion[]> => collection.find<ReadVersion>(filter as mongo.Filter<T>, options).toArray();
