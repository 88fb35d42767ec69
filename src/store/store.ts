import type { ResourceKey } from '../fhir/ids.ts';
import type { IndexValue } from '../search/index-values.ts';
import type { Predicate, Query } from '../search/query.ts';
import type { AuditLog, AuditRecord } from './audit-log.ts';

/**
 * The port behind which SQLite and MongoDB are the same. Contract: test/store/store-contract.ts.
 *
 * Bodies are exact JSON text in UTF-8 that begins `{"resourceType":"T","id":"I","meta":{` with versionId and
 * lastUpdated left out; the store assigns both at commit and splices them in right after `"meta":{` when it reads.
 * Bodies are sealed at rest (store/encryption). Search values are all a store knows of a resource's content.
 */
export interface Store {
  readonly kind: 'sqlite' | 'mongo';
  /** All of it or nothing, durable when the promise resolves. Rejects with Problem `unavailable` where the store cannot be reached. */
  commit(commit: Commit): Promise<CommitResult>;
  /** The current version; a deletion is a version too (`deleted: true`). Undefined where the id was never used. */
  read(key: ResourceKey): Promise<StoredVersion | undefined>;
  /** Current versions in the order asked; undefined where never used. */
  readMany(keys: readonly ResourceKey[]): Promise<readonly (StoredVersion | undefined)[]>;
  vread(key: ResourceKey, version: number): Promise<StoredVersion | undefined>;
  history(query: HistoryQuery): Promise<HistoryPage>;
  search(query: Query): Promise<SearchPage>;
  /** How many current resources match; free for a whole type. */
  count(types: readonly string[], where: Predicate): Promise<number>;
  /** The local targets of one reference parameter of these resources (for _include), without duplicates. */
  targets(sources: readonly ResourceKey[], param: string): Promise<readonly ResourceKey[]>;
  /** Committed changes with transaction number > after, rising, whole transactions only. Feeds subscriptions. */
  changes(after: number, limit: number): Promise<readonly StoredVersion[]>;
  /** The highest transaction number committed so far (0 on an empty store). */
  lastTransaction(): Promise<number>;
  /** Calls back after this process committed; a hint to look at `changes`, not the source of truth. Returns the unsubscribe function. */
  onCommit(listener: (transaction: number) => void): () => void;
  /** Plan of a search, as the database explains it. */
  explain(query: Query): Promise<unknown>;
  readonly audit: AuditLog;
  readonly outbox: Outbox;
  /** Resolves where reads and writes can be served now; rejects with the reason. */
  ready(): Promise<void>;
  /** Finishes writes in flight, then closes. */
  close(): Promise<void>;
}

/** A resource ready to be stored. */
export interface Draft extends ResourceKey {
  /** UTF-8 JSON as described at Store, without versionId and lastUpdated. */
  readonly body: Buffer;
  readonly values: readonly IndexValue[];
  /** Logical id of the patient whose data key seals it; null where it belongs to none. */
  readonly patient: string | null;
  /** Hash of the search-parameter set that made `values`, for reindexing. */
  readonly indexed: string;
}

export type Change =
  | {
      readonly kind: 'put';
      readonly method: 'POST' | 'PUT' | 'PATCH';
      readonly draft: Draft;
      readonly expect: Expectation;
    }
  | { readonly kind: 'delete'; readonly key: ResourceKey; readonly expect: Expectation };

/**
 * What must hold of the current version when the change is applied, else the commit fails as a whole.
 * `absent`: the id was never used or is deleted. `present`: there is a version and it is no deletion.
 */
export type Expectation =
  | { readonly kind: 'any' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'present' }
  | { readonly kind: 'version'; readonly version: number };

/** At commit time the query's matches among `type` must be exactly `ids`: how conditional interactions stay true under concurrency. */
export interface Guard {
  /** Criteria in canonical form: two requests that must not both find nothing have the same key. */
  readonly key: string;
  readonly type: string;
  readonly where: Predicate;
  readonly ids: readonly string[];
}

export interface Commit {
  readonly changes: readonly Change[];
  readonly guards?: readonly Guard[];
  /** Resources that must exist and not be deleted once the changes are applied (referential integrity). */
  readonly requires?: readonly ResourceKey[];
  /** Makes the whole commit happen once: a second commit with the same key gives back the first one's `answer`. */
  readonly receipt?: Receipt;
  readonly audit?: readonly AuditRecord[];
}

export interface Receipt {
  readonly key: string;
  /** Stored sealed; JSON that the caller understands. */
  readonly answer: Buffer;
  /** Milliseconds UTC after which the key may be used afresh. */
  readonly expires: number;
}

export type CommitResult =
  | {
      readonly kind: 'committed';
      readonly transaction: number;
      readonly lastUpdated: number;
      readonly versions: readonly Written[];
    }
  /** The receipt's key was used before. */
  | { readonly kind: 'replayed'; readonly answer: Buffer }
  | { readonly kind: 'refused'; readonly because: Refusal };

/** One per change, in order. `unchanged`: the body equalled the current one, or there was nothing to delete: no version was made. */
export interface Written {
  readonly outcome: 'created' | 'updated' | 'deleted' | 'unchanged';
  readonly version: number;
  /** Milliseconds UTC. */
  readonly lastUpdated: number;
}

export type Refusal =
  /** `change` is the index of the change whose expectation failed; `current` is the version found, if any. */
  | {
      readonly kind: 'expectation';
      readonly change: number;
      readonly current: { version: number; deleted: boolean } | undefined;
    }
  | { readonly kind: 'guard'; readonly guard: number; readonly ids: readonly string[] }
  | { readonly kind: 'missing'; readonly key: ResourceKey };

export interface StoredVersion extends ResourceKey {
  readonly version: number;
  /** Milliseconds UTC. */
  readonly lastUpdated: number;
  readonly transaction: number;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly deleted: boolean;
  /** The draft's `patient`; of a deletion, that of the version deleted. */
  readonly patient: string | null;
  /** Complete JSON in UTF-8, versionId and lastUpdated in place; empty for a deletion. */
  readonly body: Buffer;
}

/** Newest first. Instance level with type and id, type level with type, system level with neither. */
export interface HistoryQuery {
  readonly type?: string;
  readonly id?: string;
  /** Only versions made at or after this instant, ms UTC. */
  readonly since?: number;
  /** Only versions that were current at some time in this interval, ms UTC (`_at`). */
  readonly at?: { readonly low: number; readonly high: number };
  readonly count: number;
  /** Opaque: the `next` of the page before. */
  readonly after?: string;
}
export interface HistoryPage {
  readonly versions: readonly StoredVersion[];
  readonly next?: string;
}

export interface SearchPage {
  readonly matches: readonly StoredVersion[];
  /** Present when asked for. */
  readonly total?: number;
  /** Positions for the pages beside this one; absent at the ends. */
  readonly next?: readonly (string | number | null)[];
  readonly previous?: readonly (string | number | null)[];
}

/** Work that must be done after a commit, at least once, by one of several processes: deliveries first of all. */
export interface Outbox {
  /** Appends items and moves the named cursor from `from` to `to` in one commit; false where another process moved it first. */
  advance(cursor: string, from: number, to: number, items: readonly NewOutboxItem[]): Promise<boolean>;
  /** The named cursor; 0 where it was never moved. */
  cursor(name: string): Promise<number>;
  /** Leases up to `limit` items that are due, oldest first, and not leased by another; of one `lane` never two at once. */
  claim(worker: string, now: number, leaseMs: number, limit: number): Promise<readonly OutboxItem[]>;
  done(id: string, worker: string): Promise<void>;
  /** Gives the lease back; the item is due again at `due`. */
  retry(id: string, worker: string, due: number, error: string): Promise<void>;
  /** Items of a lane not yet done. */
  pending(lane: string): Promise<number>;
}
export interface NewOutboxItem {
  /** Items with the same id are the same work: a second one is ignored. */
  readonly id: string;
  /** Items of a lane are worked on one after another, in order. */
  readonly lane: string;
  readonly kind: string;
  /** JSON, stored sealed. */
  readonly payload: Buffer;
  readonly due: number;
}
export interface OutboxItem extends NewOutboxItem {
  readonly attempts: number;
}
