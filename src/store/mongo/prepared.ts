import mongoose from 'mongoose';
import type { ResourceKey } from '../../fhir/ids.ts';
import { Problem } from '../../fhir/problem.ts';
import type { WrappedKey } from '../encryption/data-key.ts';
import type { Vault } from '../encryption/vault.ts';
import type { Commit, CommitResult, Draft, Expectation } from '../store.ts';
import { bytesOf, type ResourceDocument, SEQ } from './documents.ts';
import type { Hash } from './hashes.ts';
import { searchFields } from './search-fields.ts';
import { type TextDocument, textsOf } from './texts.ts';

export const resourceName = (key: ResourceKey): string => `${key.type}/${key.id}`;

/** What does not depend on the database: sealed body, fingerprint and search fields, made before the transaction. */
export type Content = Omit<ResourceDocument, 'version' | 'seq' | 'at' | 'method' | 'live'> & { mark: Buffer };

export type PreparedChange =
  | {
      readonly kind: 'put';
      readonly name: string;
      readonly method: 'POST' | 'PUT' | 'PATCH';
      readonly content: Content;
      readonly expect: Expectation;
    }
  | { readonly kind: 'delete'; readonly name: string; readonly type: string; readonly expect: Expectation };

/** A commit on its way into a group. */
export interface PreparedCommit {
  readonly changes: readonly PreparedChange[];
  readonly commit: Commit;
  readonly receipt?: {
    readonly key: string;
    readonly keyId: number;
    readonly answer: Buffer;
    readonly expires: number;
  };
  readonly newKeys: readonly WrappedKey[];
  /** Texts of the drafts, of which some may be stored already. */
  readonly texts: readonly TextDocument[];
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
}

async function content(vault: Vault, hash: Hash, draft: Draft, newKeys: WrappedKey[]): Promise<Content> {
  const name = resourceName(draft);
  const key = vault.sealingKey(draft.patient);
  const { keyId, sealed, newKey } = vault.sealWith(key instanceof Promise ? await key : key, name, draft.body);
  if (newKey) newKeys.push(newKey);
  return {
    _id: name,
    type: draft.type,
    patient: draft.patient,
    keyId,
    body: sealed,
    mark: vault.fingerprint(draft.body),
    indexed: draft.indexed,
    ...searchFields(hash, draft),
  };
}

/** MongoDB's limit of a document, with room for what the commit adds. */
const MOST_BYTES = 16 * 2 ** 20 - 2 ** 14;
/** Measuring costs: a smaller body has never had so many search fields. */
const SURELY_FITS = 2 ** 20;

function requireFits(name: string, made: Content): void {
  if (made.body === undefined || bytesOf(made.body).length < SURELY_FITS) return;
  if (mongoose.mongo.BSON.calculateObjectSize(made) <= MOST_BYTES) return;
  throw new Problem(
    'too-large',
    `${name} with its search values is larger than the ${MOST_BYTES} bytes MongoDB can hold`,
  );
}

/**
 * Seals and indexes a commit's drafts; throws Problem `duplicate-target` where two changes meet one resource, and
 * `too-large` where a resource is larger than a document can be.
 */
export async function prepare(
  vault: Vault,
  hash: Hash,
  commit: Commit,
): Promise<Omit<PreparedCommit, 'resolve' | 'reject'>> {
  const newKeys: WrappedKey[] = [];
  const changes: PreparedChange[] = [];
  const texts: TextDocument[] = [];
  const names = new Set<string>();
  if (commit.changes.length >= SEQ) throw new Problem('too-large', `One commit holds at most ${SEQ - 1} changes.`);
  for (const change of commit.changes) {
    const key = change.kind === 'put' ? change.draft : change.key;
    const name = resourceName(key);
    if (names.has(name)) throw new Problem('duplicate-target', `${name} is changed twice in one transaction.`);
    names.add(name);
    const { expect } = change;
    if (change.kind === 'delete') changes.push({ kind: 'delete', name, type: key.type, expect });
    else {
      const made = await content(vault, hash, change.draft, newKeys);
      requireFits(name, made);
      texts.push(...textsOf(hash, change.draft.values));
      changes.push({ kind: 'put', name, method: change.method, content: made, expect });
    }
  }
  if (!commit.receipt) return { changes, commit, newKeys, texts };
  const { key, answer, expires } = commit.receipt;
  const { keyId, sealed, newKey } = await vault.seal(null, `receipt/${key}`, answer);
  if (newKey) newKeys.push(newKey);
  return { changes, commit, newKeys, texts, receipt: { key, keyId, answer: sealed, expires } };
}
