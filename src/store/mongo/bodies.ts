import type { Vault } from '../encryption/vault.ts';
import type { KnownFields, OpenedVersions } from './opened-versions.ts';
import type { StoredVersion } from '../store.ts';
import { bytesOf, transactionOf, type VersionFields } from './documents.ts';

/** What reading a version needs; search fields stay in the database. */
export const VERSION_PROJECTION = {
  type: 1,
  version: 1,
  seq: 1,
  at: 1,
  method: 1,
  live: 1,
  keyId: 1,
  body: 1,
  patient: 1,
} as const;

/** With what the version is found by, for searches that test it themselves. */
export const FIELDS_PROJECTION = { ...VERSION_PROJECTION, indexed: 1, full: 1, dat: 1 } as const;

export type ReadVersion = VersionFields & { readonly _id: string };
type FoundVersion = ReadVersion & Partial<KnownFields>;

/** Length of a body's beginning, type and id apart. */
const FRAME = '{"resourceType":"","id":"","meta":{'.length;

/** The logical id within a document's `_id`, `Type/id` or `Type/id/0000000001`. */
const logicalId = (found: ReadVersion): string => found._id.slice(found.type.length + 1).split('/', 1)[0] ?? '';

/** Puts versionId and lastUpdated at the head of `meta` (Store: bodies begin with resourceType, id, meta). */
function spliced(type: string, id: string, version: number, at: number, plain: Buffer): Buffer {
  // Types and ids are ASCII, so that their length in bytes is their length.
  const start = FRAME + type.length + id.length;
  const comma = plain[start] === 0x7d ? '' : ',';
  const meta = `"versionId":"${version}","lastUpdated":"${new Date(at).toISOString()}"${comma}`;
  const whole = Buffer.allocUnsafe(plain.length + meta.length);
  plain.copy(whole, 0, 0, start);
  whole.write(meta, start, 'latin1');
  plain.copy(whole, start + meta.length, start);
  return whole;
}

/** Where versions are opened, and remembered once they are. */
interface Opening {
  readonly vault: Vault;
  readonly opened: OpenedVersions;
}

/** Opens a document's body and makes it the version that the port speaks of. */
export async function storedVersion({ vault, opened }: Opening, found: FoundVersion): Promise<StoredVersion> {
  const { type, version, at, seq } = found;
  const { indexed, full, dat } = found;
  const fields = full && { indexed, full, dat: dat ?? [] };
  const known = opened.get(seq);
  if (known && (!fields || known.fields?.indexed === indexed)) return known.version;

  const id = logicalId(found);
  let body: Buffer = Buffer.alloc(0);
  if (found.live && found.keyId !== undefined) {
    const plain = vault.open(found.keyId, `${type}/${id}`, bytesOf(found.body));
    body = spliced(type, id, version, at, plain instanceof Promise ? await plain : plain);
  }
  const made = {
    type,
    id,
    version,
    lastUpdated: at,
    transaction: transactionOf(seq),
    method: found.method,
    deleted: !found.live,
    patient: found.patient,
    body,
  };
  opened.keep(seq, made, fields);
  return made;
}
