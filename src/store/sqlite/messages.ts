import type { ResourceKey } from '../../fhir/ids.ts';
import type { Expectation, Refusal, Written } from '../store.ts';
import type { RecordHeads } from './audit/record-lines.ts';
import type { Cells } from './cells.ts';
import type { Sql } from './connection.ts';

/** What travels between the main thread, which prepares, and the writer thread, which checks and stores. Plain data. */
export interface Batch {
  /** A group of so many orders is large enough: half of those under way, so that the other half is made meanwhile. */
  readonly enough: number;
  /** More comes before this turn of the main thread's event loop ends: worth waiting for, with the group open. */
  readonly more: boolean;
  /** Orders as JSON: cheaper to write and to read than a structured clone of many small objects. */
  readonly orders: string;
  /** The changes and requirements of all commits in the order of the commits, see change-cells.ts; absent where there are none. */
  readonly changes?: Cells;
  /** All sealed bytes of the orders one after another: moved to the other thread, not copied; absent where there are none. */
  readonly bytes?: Uint8Array;
  /** The audit records of each order, see audit/record-lines.ts; empty where it has none. */
  readonly lines: readonly string[];
}

/** Where in the batch's bytes. */
export interface Span {
  readonly at: number;
  readonly length: number;
}
export interface SealedSpan extends Span {
  readonly dataKey: number;
}

/** The parsed `orders`. */
export type Orders = readonly { readonly id: number; readonly order: SentOrder; readonly heads?: RecordHeads }[];

/** An order as it travels. Of a commit's changes and requirements it says how many there are: they are cells. */
export type SentOrder = Exclude<Order, CommitOrder> | SentCommit;
export interface SentCommit
  extends Pick<CommitOrder, 'kind' | 'now' | 'receipt'>,
    Partial<Pick<CommitOrder, 'guards' | 'keys'>> {
  readonly changes: number;
  readonly requires: number;
}

export type Order =
  | CommitOrder
  | { readonly kind: 'define'; readonly names: readonly string[] }
  | { readonly kind: 'audit' }
  | {
      readonly kind: 'advance';
      readonly cursor: string;
      readonly from: number;
      readonly to: number;
      readonly items: readonly OutboxRow[];
      readonly keys: readonly KeyRow[];
    }
  | {
      readonly kind: 'claim';
      readonly worker: string;
      readonly now: number;
      readonly leaseMs: number;
      readonly limit: number;
    }
  | { readonly kind: 'done'; readonly id: string; readonly worker: string; readonly now: number }
  | {
      readonly kind: 'retry';
      readonly id: string;
      readonly worker: string;
      readonly due: number;
      readonly error: string;
    };

export interface CommitOrder {
  readonly kind: 'commit';
  /** The main thread's clock, ms UTC. */
  readonly now: number;
  readonly changes: readonly ChangeOrder[];
  readonly guards: readonly { readonly matches: Sql; readonly ids: readonly string[] }[];
  readonly requires: readonly { readonly hash: number; readonly key: ResourceKey }[];
  readonly receipt?: { readonly key: string; readonly expires: number; readonly answer: SealedSpan };
  readonly keys: readonly KeyRow[];
}
export type ChangeOrder =
  | {
      readonly kind: 'put';
      readonly hash: number;
      readonly type: number;
      readonly id: string;
      readonly method: string;
      readonly expect: Expectation;
      readonly fingerprint: string;
      readonly indexed: string;
      readonly body: SealedSpan;
      readonly rows: IndexRows;
    }
  | {
      readonly kind: 'delete';
      readonly hash: number;
      readonly type: number;
      readonly id: string;
      readonly expect: Expectation;
    };

/** Index rows of one version as RowDraft.write writes them, and the JSON that the version keeps of them. */
export interface IndexRows {
  readonly cells: Cells;
  readonly kept: string;
}

/** id, patient, master, wrapped in base64, created */
export type KeyRow = readonly [number, string | null, string, string, number];
interface OutboxRow {
  readonly id: string;
  readonly lane: string;
  readonly kind: string;
  readonly due: number;
  readonly payload: SealedSpan;
}

export interface ClaimedRow {
  readonly id: string;
  readonly lane: string;
  readonly kind: string;
  readonly due: number;
  readonly attempts: number;
  readonly dataKey: number;
  readonly payload: Uint8Array;
}
export type CommitReply =
  | {
      readonly kind: 'committed';
      readonly transaction: number;
      /** Of the first version that the commit made; the others follow. */
      readonly firstSeq: number;
      readonly lastUpdated: number;
      readonly versions: readonly Written[];
      readonly wrote: boolean;
    }
  | { readonly kind: 'replayed'; readonly dataKey: number; readonly answer: Uint8Array }
  | { readonly kind: 'refused'; readonly because: Refusal };
export type Reply =
  | CommitReply
  | { readonly kind: 'defined'; readonly numbers: readonly number[] }
  | { readonly kind: 'advanced'; readonly moved: boolean }
  | { readonly kind: 'claimed'; readonly items: readonly ClaimedRow[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };
export interface Replies {
  readonly replies: readonly { readonly id: number; readonly reply: Reply }[];
}
