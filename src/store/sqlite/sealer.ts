import type { Vault } from '../encryption/vault.ts';
import { keyRow } from './key-table.ts';
import type { KeyRow, SealedSpan } from './messages.ts';
import type { BatchUnderWay } from './writer-client.ts';

/** Seals what one order carries and gathers the new keys that must be stored with it. */
export class Sealer {
  readonly #vault: Vault;
  readonly #batch: BatchUnderWay;
  readonly #keys = new Map<number, KeyRow>();

  constructor(vault: Vault, batch: BatchUnderWay) {
    this.#vault = vault;
    this.#batch = batch;
  }

  seal(patient: string | null, place: string, plain: Buffer): SealedSpan {
    const key = this.#vault.sealingKey(patient);
    // The key table of SQLite answers at once.
    if ('then' in key) throw new Error('a data key is still being loaded');
    const { keyId, sealed, newKey } = this.#vault.sealWith(key, place, plain);
    if (newKey) this.#keys.set(keyId, keyRow(newKey));
    return { ...this.#batch.keep(sealed), dataKey: keyId };
  }

  get keys(): readonly KeyRow[] {
    return this.#keys.size === 0 ? [] : [...this.#keys.values()];
  }
}
