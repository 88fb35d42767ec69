import type { mongo } from 'mongoose';
import { Recent } from '../../fhir/recent.ts';
import type { Vault } from '../encryption/vault.ts';
import type { Collections } from './collections.ts';
import type { Hash } from './hashes.ts';
import { gatherCandidates } from './candidates.ts';
import { OpenedVersions } from './opened-versions.ts';
import type { Models } from './schemas.ts';
import { patiently } from './unavailable.ts';

/** Memory for versions opened lately. */
const OPENED_BYTES = 48 << 20;

interface Parts {
  readonly client: mongo.MongoClient;
  readonly models: Models;
  readonly native: Collections;
  readonly vault: Vault;
  readonly hash: Hash;
  readonly now: () => number;
  readonly transactional: boolean;
  /** How long (ms) an election may last before a request is answered `unavailable`. */
  readonly patience: number;
}

/** What every part of the store works with. */
export class MongoContext {
  readonly client: mongo.MongoClient;
  readonly models: Models;
  readonly native: Collections;
  readonly vault: Vault;
  readonly hash: Hash;
  readonly now: () => number;
  readonly transactional: boolean;
  readonly patience: number;
  /** Ids of texts that are stored: most come again and again. */
  readonly storedTexts = new Recent<number, true>(50_000);
  readonly opened = new OpenedVersions(OPENED_BYTES);
  readonly candidates = gatherCandidates(this);
  #written: mongo.Timestamp | undefined;

  constructor(parts: Parts) {
    this.client = parts.client;
    this.models = parts.models;
    this.native = parts.native;
    this.vault = parts.vault;
    this.hash = parts.hash;
    this.now = parts.now;
    this.transactional = parts.transactional;
    this.patience = parts.patience;
  }

  /** Remembers the time of a write of this process: later reads are not older. */
  wrote(session: mongo.ClientSession): void {
    const time = session.operationTime;
    if (time && (!this.#written || time.greaterThan(this.#written))) this.#written = time;
  }

  /**
   * Runs a read: majority-committed, so that nothing is shown which an election could take back, and causally after
   * this process's writes, so that a new primary does not show less than was acknowledged.
   */
  async reading<T>(read: (session: mongo.ClientSession) => Promise<T>): Promise<T> {
    return patiently(this.patience, async () => {
      const session = this.client.startSession({ causalConsistency: this.transactional });
      try {
        if (this.#written && this.transactional) session.advanceOperationTime(this.#written);
        return await read(session);
      } finally {
        await session.endSession();
      }
    });
  }

  /** Runs reads of several collections as of one moment, so that nothing is missed or told twice between them. */
  async snapshot<T>(read: (session: mongo.ClientSession) => Promise<T>): Promise<T> {
    if (!this.transactional) return this.reading(read);
    return patiently(this.patience, async () => {
      const session = this.client.startSession({ snapshot: true });
      try {
        return await read(session);
      } finally {
        await session.endSession();
      }
    });
  }

  /** For single writes outside of transactions; remembers their time. */
  async writing<T>(write: (session: mongo.ClientSession) => Promise<T>): Promise<T> {
    return patiently(this.patience, async () => {
      const session = this.client.startSession({ causalConsistency: this.transactional });
      try {
        const result = await write(session);
        this.wrote(session);
        return result;
      } finally {
        await session.endSession();
      }
    });
  }
}
