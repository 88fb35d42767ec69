import { randomBytes } from 'node:crypto';
import type { Vault } from '../encryption/vault.ts';
import { type AuditBlockDocument, genesis, type KeptRecord, makeBlock } from './audit-block.ts';
import { bytesOf } from './documents.ts';
import type { Hash } from './hashes.ts';

/** One writer's chain of blocks. A process never goes on with a chain of an earlier process: it starts its own. */
export class AuditChain {
  readonly #vault: Vault;
  readonly #hash: Hash;
  #chain = '';
  #n = 0;
  #previous: Buffer = Buffer.alloc(0);

  constructor(vault: Vault, hash: Hash) {
    this.#vault = vault;
    this.#hash = hash;
    this.restart();
  }

  /** A new chain: at the start, and after a block of which it is not known whether it was kept. */
  restart(): void {
    this.#chain = `a${Date.now().toString(36)}${randomBytes(5).toString('hex')}`;
    this.#n = 0;
    this.#previous = genesis(this.#chain);
  }

  next(records: readonly KeptRecord[]): Promise<AuditBlockDocument> {
    return makeBlock(this.#vault, this.#hash, this.#chain, this.#n + 1, this.#previous, records);
  }

  /** The block is kept; the next one follows it. */
  kept(block: AuditBlockDocument): void {
    this.#n = block.n;
    this.#previous = bytesOf(block.hash);
  }
}
