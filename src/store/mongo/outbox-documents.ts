import type { Bytes } from './documents.ts';

/** Collection `outbox`. What is done stays for a week without payload, so that the same work is not added again. */
export interface OutboxDocument {
  _id: string;
  lane: string;
  /** Order of appending, over all lanes. */
  n: number;
  kind: string;
  keyId: number;
  payload?: Bytes;
  due: number;
  attempts: number;
  worker?: string;
  /** Milliseconds UTC; 0 where nobody has it. */
  leasedUntil: number;
  error?: string;
  open: boolean;
  ended?: Date;
}

/** Collection `cursors`: how far a consumer of the change feed has come; `outbox` counts appended items. */
export interface CursorDocument {
  _id: string;
  value: number;
}
