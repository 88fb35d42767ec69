import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { Problem } from '../../fhir/problem.ts';
import { seal, unseal } from './sealing.ts';

/** A data key as stored: useless without the master key named by `master`. */
export interface WrappedKey {
  /** Random, 53 bits: fits a SQLite integer and a JavaScript number. */
  readonly id: number;
  /** Logical id of the patient; null for the key of what belongs to no patient. */
  readonly patient: string | null;
  /** Id of the master key that wrapped it. */
  readonly master: string;
  readonly wrapped: Buffer;
  /** Milliseconds UTC; of several keys of one patient the newest seals, all of them open. */
  readonly created: number;
}

/** A data key ready for use. */
export interface DataKey {
  readonly id: number;
  readonly patient: string | null;
  readonly secret: KeyObject;
}

export interface MasterKey {
  readonly id: string;
  readonly secret: KeyObject;
}

/** The master key from its 32 bytes; its id is a fingerprint, so that a stored key says which master opens it. */
export function masterKey(bytes: Buffer): MasterKey {
  if (bytes.length !== 32) throw new Error(`the master key must be 32 bytes, got ${bytes.length}`);
  const id = createHash('sha256').update('novamind master key id\0').update(bytes).digest('hex').slice(0, 16);
  return { id, secret: createSecretKey(bytes) };
}

const place = (id: number, patient: string | null): string => `data-key/${id}/${patient ?? ''}`;

/** A fresh random data key, and the row in which it is to be stored. */
export function makeDataKey(master: MasterKey, patient: string | null, now: number): { key: DataKey; row: WrappedKey } {
  const id = Number(randomBytes(8).readBigUInt64BE() >> 11n);
  const secret = randomBytes(32);
  const wrapped = seal(master.secret, place(id, patient), secret);
  return {
    key: { id, patient, secret: createSecretKey(secret) },
    row: { id, patient, master: master.id, wrapped, created: now },
  };
}

/** Opens a stored data key; throws Problem `unexpected` where it was wrapped by another master key. */
export function unwrapDataKey(master: MasterKey, row: WrappedKey): DataKey {
  if (row.master !== master.id)
    throw new Problem(
      'unexpected',
      `the store was sealed under master key ${row.master}, but the configured one is ${master.id}: set MASTER_KEY (or restore master.key) to the one it was made with`,
    );
  const secret = unseal(master.secret, place(row.id, row.patient), row.wrapped);
  return { id: row.id, patient: row.patient, secret: createSecretKey(secret) };
}
