import type { mongo } from 'mongoose';
import type { AuditBlockDocument } from './audit-block.ts';
import type { MongoContext } from './context.ts';
import { type ResourceDocument, SEQ, type VersionDocument, versionId } from './documents.ts';
import type { PreparedCommit } from './prepared.ts';
import { HEAD, keyDocument } from './search-key.ts';
import type { GroupState } from './state.ts';

interface Group {
  readonly writer: string;
  /** The group's number at this writer. */
  readonly n: number;
  readonly state: GroupState;
  readonly accepted: readonly PreparedCommit[];
  readonly block?: AuditBlockDocument;
}

/** By how much the number of current resources of each type changes. */
function liveChanges({ state }: Group): Record<string, number> {
  const changes: Record<string, number> = {};
  for (const name of state.touched) {
    const document = state.current.get(name)?.document;
    if (!document) continue;
    const change = Number(document.live) - Number(state.stored.get(name) ?? false);
    if (change !== 0) changes[`live.${document.type}`] = (changes[`live.${document.type}`] ?? 0) + change;
  }
  return changes;
}

function supersededVersion(old: ResourceDocument, until: number): VersionDocument {
  const { type, version, seq, at, method, live, patient, keyId, body } = old;
  const fields = { type, version, seq, at, method, live, patient, until };
  return { _id: versionId(old._id, version), ...fields, ...(keyId !== undefined && { keyId }), ...(body && { body }) };
}

/** Touches the head first of all: where another holds it this fails at once, before anything was read in vain. */
export async function takeTurn(
  { native }: MongoContext,
  session: mongo.ClientSession,
  writer: string,
  n: number,
): Promise<void> {
  await native.heads.updateOne({ _id: HEAD }, { $set: { [`groups.${writer}`]: { n, at: Date.now() } } }, { session });
}

/** Numbers the group's versions and writes everything; tells the transaction number before the group and its time. */
export async function writeGroup(
  context: MongoContext,
  session: mongo.ClientSession,
  group: Group,
): Promise<{ base: number; at: number }> {
  const { state, accepted, block } = group;
  const { native } = context;
  const receipts = accepted.flatMap((c) => (c.receipt ? [c.receipt] : []));
  const now = context.now();
  if (state.touched.size === 0 && receipts.length === 0 && !block) {
    const head = await native.heads.findOne({ _id: HEAD }, { session });
    return { base: head?.transaction ?? 0, at: now };
  }
  const before = await native.heads.findOneAndUpdate(
    { _id: HEAD },
    {
      $inc: { transaction: state.commits, ...liveChanges(group) },
      $max: { at: now },
      $set: { [`groups.${group.writer}`]: { n: group.n, at: Date.now() } },
    },
    { session, returnDocument: 'before', projection: { transaction: 1, at: 1 } },
  );
  if (!before) throw new Error('the head document is gone');
  const base = before.transaction;
  const at = Math.max(before.at, now);

  const documents = [...state.touched].flatMap((name) => state.current.get(name) ?? []);
  for (const { document } of new Set([...state.superseded.map((s) => s.by), ...documents.filter((d) => d.fresh)])) {
    document.seq += base * SEQ;
    document.at = at;
  }
  const created = documents.map((d) => d.document).filter((document) => !state.stored.has(document._id));
  const replaced = documents.map((d) => d.document).filter((document) => state.stored.has(document._id));
  if (created.length > 0) await native.resources.insertMany(created, { session });
  if (replaced.length > 0)
    await native.resources.bulkWrite(
      replaced.map((replacement) => ({ replaceOne: { filter: { _id: replacement._id }, replacement } })),
      { session },
    );
  if (state.superseded.length > 0)
    await native.versions.insertMany(
      state.superseded.map(({ old, by }) => supersededVersion(old.document, by.document.at)),
      { session },
    );
  const keys = new Map(accepted.flatMap((c) => c.newKeys.map((key) => [key.id, key] as const)));
  if (keys.size > 0)
    await native.keys.bulkWrite(
      [...keys.values()].map((key) => ({
        updateOne: { filter: { _id: key.id }, update: { $setOnInsert: keyDocument(key) }, upsert: true },
      })),
      { session },
    );
  const texts = new Map(accepted.flatMap((c) => c.texts.map((text) => [text._id, text] as const)));
  const fresh = [...texts.values()].filter(({ _id }) => !context.storedTexts.get(_id));
  if (fresh.length > 0)
    await native.texts.bulkWrite(
      fresh.map(({ _id, words, line }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: { words, line } }, upsert: true },
      })),
      { session },
    );
  if (receipts.length > 0)
    await native.receipts.bulkWrite(
      receipts.map(({ key, keyId, answer, expires }) => ({
        replaceOne: {
          filter: { _id: key },
          replacement: { keyId, answer, expires, forget: new Date(Math.min(Date.now() + expires - now, 8.64e15)) },
          upsert: true,
        },
      })),
      { session },
    );
  if (block) await native.audit.insertOne(block, { session });
  return { base, at };
}
