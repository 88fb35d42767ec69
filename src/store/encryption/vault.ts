import { hash, hkdfSync } from 'node:crypto';
import { type DataKey, makeDataKey, type MasterKey, masterKey, unwrapDataKey, type WrappedKey } from './data-key.ts';
import { Recent } from '../../fhir/recent.ts';
import { seal, unseal } from './sealing.ts';

/** A value at once, or a promise of it: embedded stores answer at once and need no microtask per row. */
export type Eventually<T> = T | Promise<T>;

/** Where wrapped data keys are kept; each store implements it. New rows are written by commits, not through this. */
export interface KeyTable {
  byId(id: number): Eventually<WrappedKey | undefined>;
  /** The newest key of the patient (null: of no patient). */
  newestOf(patient: string | null): Eventually<WrappedKey | undefined>;
  all(): Eventually<readonly WrappedKey[]>;
}

export interface Sealed {
  readonly keyId: number;
  readonly sealed: Buffer;
  /** Present while the key is not known to be stored: this row must be stored in the same commit (insert, or ignore where its id exists). */
  readonly newKey?: WrappedKey;
}

const CACHED_KEYS = 50_000;

/**
 * Seals and opens what is at rest: AES-256-GCM under one data key per patient and one for what belongs to none.
 * A patient's first key is made in memory and travels as `newKey` with every seal until `stored` says that a commit
 * kept it. Two processes may each make one: all of them open, the newest seals.
 */
export class Vault {
  readonly #master: MasterKey;
  readonly #keys: KeyTable;
  readonly #now: () => number;
  readonly #byId = new Recent<number, DataKey>(CACHED_KEYS);
  readonly #byPatient = new Recent<string | null, DataKey>(CACHED_KEYS);
  readonly #loading = new Map<string | null, Promise<DataKey>>();
  readonly #unstored = new Map<number, WrappedKey>();
  readonly #fingerprintKey: Buffer;

  constructor(master: MasterKey, keys: KeyTable, now: () => number) {
    this.#master = master;
    this.#keys = keys;
    this.#now = now;
    this.#fingerprintKey = Buffer.from(hkdfSync('sha256', master.secret, '', 'novamind fingerprint', 32));
  }

  /** Seals under the patient's newest key. `aad` names the place the bytes belong to, `Type/id`. */
  seal(patient: string | null, aad: string, plain: Buffer): Eventually<Sealed> {
    const key = this.sealingKey(patient);
    return 'then' in key ? key.then((k) => this.sealWith(k, aad, plain)) : this.sealWith(key, aad, plain);
  }

  /** Opens bytes sealed at the same place; throws where they were changed or moved, or the key is gone. */
  open(keyId: number, aad: string, sealed: Buffer): Eventually<Buffer> {
    const key = this.openingKey(keyId);
    return 'then' in key ? key.then((k) => unseal(k.secret, aad, sealed)) : unseal(key.secret, aad, sealed);
  }

  /** As `seal`, with a key taken from `sealingKey`; synchronous. */
  sealWith(key: DataKey, aad: string, plain: Buffer): Sealed {
    const newKey = this.#unstored.get(key.id);
    const sealed = seal(key.secret, aad, plain);
    return newKey ? { keyId: key.id, sealed, newKey } : { keyId: key.id, sealed };
  }

  /** The key that seals for a patient: cached, loaded, or made. */
  sealingKey(patient: string | null): Eventually<DataKey> {
    const cached = this.#byPatient.get(patient) ?? this.#loading.get(patient);
    if (cached) return cached;
    const row = this.#keys.newestOf(patient);
    if (row === undefined || !('then' in row)) return this.#adopt(patient, row);
    const loading = row.then((r) => this.#adopt(patient, r)).finally(() => this.#loading.delete(patient));
    this.#loading.set(patient, loading);
    return loading;
  }

  /** The key of that id; throws where it is not stored. */
  openingKey(id: number): Eventually<DataKey> {
    const cached = this.#byId.get(id);
    if (cached) return cached;
    const row = this.#keys.byId(id);
    return row && 'then' in row ? row.then((r) => this.#unwrap(id, r)) : this.#unwrap(id, row);
  }

  /** Tells that these new keys are durable now; they travel no longer. */
  stored(ids: Iterable<number>): void {
    for (const id of ids) this.#unstored.delete(id);
  }

  /** A keyed hash of a body, 16 bytes: equal bodies are recognised without opening the stored one. */
  fingerprint(plain: Buffer | string): Buffer {
    const body = typeof plain === 'string' ? Buffer.from(plain) : plain;
    // Half of the hash is kept, so it cannot be extended; hashing at once costs half of an HMAC.
    return hash('sha256', Buffer.concat([this.#fingerprintKey, body]), 'buffer').subarray(0, 16);
  }

  #adopt(patient: string | null, row: WrappedKey | undefined): DataKey {
    let key: DataKey;
    if (row) key = unwrapDataKey(this.#master, row);
    else {
      const made = makeDataKey(this.#master, patient, this.#now());
      key = made.key;
      this.#unstored.set(key.id, made.row);
    }
    this.#byPatient.set(patient, key);
    this.#byId.set(key.id, key);
    return key;
  }

  #unwrap(id: number, row: WrappedKey | undefined): DataKey {
    if (!row) throw new Error(`data key ${id} is not stored`);
    const key = unwrapDataKey(this.#master, row);
    this.#byId.set(id, key);
    return key;
  }
}

export interface VaultOptions {
  /** 32 bytes. */
  readonly masterKey: Buffer;
  readonly keys: KeyTable;
  /** Milliseconds UTC. */
  readonly now?: () => number;
}

/** Opens a vault; rejects where stored keys were wrapped by another master key, before anything is written. */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const master = masterKey(options.masterKey);
  const shared = await options.keys.newestOf(null);
  if (shared) unwrapDataKey(master, shared);
  return new Vault(master, options.keys, options.now ?? Date.now);
}
