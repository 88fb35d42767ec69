import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { WrappedKey } from '../encryption/data-key.ts';
import type { Vault } from '../encryption/vault.ts';
import { bytesOf, type HeadDocument } from './documents.ts';
import type { Collections } from './collections.ts';

export const HEAD = 'head';
const PLACE = 'search-key';

export const keyDocument = (row: WrappedKey) => ({
  patient: row.patient,
  master: row.master,
  wrapped: row.wrapped,
  created: row.created,
});

/**
 * The secret of the search hashes: random, sealed, made with the head document by whoever opens the database first.
 * It is not derived from the master key, so that changing that one leaves the index valid.
 */
export async function searchKey(collections: Collections, vault: Vault): Promise<Buffer> {
  const secret = randomBytes(32);
  const { keyId, sealed, newKey } = await vault.seal(null, PLACE, secret);
  if (newKey) {
    await collections.keys.updateOne({ _id: newKey.id }, { $setOnInsert: keyDocument(newKey) }, { upsert: true });
    vault.stored([newKey.id]);
  }
  const first: HeadDocument = { _id: HEAD, transaction: 0, at: 0, live: {}, groups: {}, keyId, searchKey: sealed };
  try {
    await collections.heads.insertOne(first);
    return secret;
  } catch (error) {
    if (!(error instanceof mongoose.mongo.MongoServerError && error.code === 11000)) throw error;
  }
  const head = await collections.heads.findOne({ _id: HEAD });
  if (!head) throw new Error('the head document is gone');
  return vault.open(head.keyId, PLACE, bytesOf(head.searchKey));
}
