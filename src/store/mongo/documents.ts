import type { mongo } from 'mongoose';

/** Bytes as they come back: buffers from the driver, Binary from lean reads. */
export type Bytes = Buffer | mongo.Binary;

/** A number or interval searched by; `p` is the hashed type and parameter. */
export interface NumberEntry {
  readonly p: number;
  readonly v: number;
  readonly l: number;
  readonly h: number;
  /** Hashed unit forms. */
  readonly u?: readonly number[];
}
export interface DateEntry {
  readonly p: number;
  readonly l: number;
  readonly h: number;
}
export interface TextEntry {
  readonly p: number;
  /** Folded, or the uri. */
  readonly f: string;
  /** As written, where `f` is folded. */
  readonly x?: string;
}
/** Values of one component of a composite parameter within one group. */
export interface ComponentEntry {
  readonly full: readonly number[];
  readonly str: readonly TextEntry[];
  readonly dat: readonly DateEntry[];
  readonly num: readonly NumberEntry[];
}
export interface GroupEntry {
  readonly p: number;
  readonly c: readonly ComponentEntry[];
}

/** What a current resource is found by. All of one document: it can neither lag behind the body nor outlive it. */
export interface SearchFields {
  /** Hashed starting points of index paths. */
  readonly key: readonly number[];
  /** Starting points below a patient. */
  readonly pkey: readonly number[];
  /** Every hashed form, to test candidates with; no index. */
  readonly full: readonly number[];
  /** Main date (the parameter `date`): lowest start and highest end, ms UTC. */
  readonly date?: number;
  readonly dateEnd?: number;
  readonly str: readonly TextEntry[];
  readonly dat: readonly DateEntry[];
  readonly num: readonly NumberEntry[];
  readonly grp: readonly GroupEntry[];
  /** Local references: `p` hashed parameter, `t` target `Type/id`. */
  readonly links: readonly { readonly p: number; readonly t: string }[];
  /** Codes of tokens, to sort by. */
  readonly codes: readonly { readonly p: number; readonly c: string }[];
}

/** A version, current or superseded. */
export interface VersionFields {
  type: string;
  version: number;
  /** transaction × 2^16 + place in the transaction: unique, rising. */
  seq: number;
  /** lastUpdated, ms UTC; never falls as `seq` rises. */
  at: number;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  live: boolean;
  /** A later shard key prefix. */
  patient: string | null;
  keyId?: number;
  body?: Bytes;
}
/** Collection `resources`: the current version; `_id` is `Type/id`. */
export interface ResourceDocument extends VersionFields, Partial<SearchFields> {
  _id: string;
  /** Keyed fingerprint of the body. */
  mark?: Bytes;
  /** Hash of the search-parameter set that made the search fields. */
  indexed?: string;
}
/** Collection `versions`: superseded ones; `_id` is `Type/id/0000000001`. */
export interface VersionDocument extends VersionFields {
  _id: string;
  /** `at` of the version that superseded it. */
  until: number;
}
/** Collection `heads`: one document, touched by every commit, which puts all commits in one order. */
export interface HeadDocument {
  _id: string;
  transaction: number;
  at: number;
  /** Current resources by type. */
  live: Record<string, number>;
  /** By writer process: the last group it committed, so that no group is applied twice. */
  groups: Record<string, { n: number; at: number }>;
  /** The secret of the search hashes, sealed. */
  keyId: number;
  searchKey: Bytes;
}
export interface KeyDocument {
  _id: number;
  patient: string | null;
  master: string;
  wrapped: Bytes;
  created: number;
}
export interface ReceiptDocument {
  _id: string;
  keyId: number;
  answer: Bytes;
  /** Milliseconds UTC by the store's clock. */
  expires: number;
  /** The same by the server's clock, which removes it. */
  forget: Date;
}

export const SEQ = 65_536;
export const transactionOf = (seq: number): number => Math.floor(seq / SEQ);
export const versionId = (resource: string, version: number): string =>
  `${resource}/${String(version).padStart(10, '0')}`;
export const bytesOf = (bytes: Bytes | undefined): Buffer =>
  bytes === undefined ? Buffer.alloc(0) : Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.value());
