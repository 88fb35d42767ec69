import mongoose from 'mongoose';
import { Problem } from '../../fhir/problem.ts';

const { MongoError, MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError } = mongoose.mongo;

/** Server codes that a moment later may be gone: elections, shutdowns, write conflicts, snapshots that moved on. */
const PASSING = new Set([
  6, 7, 24, 50, 64, 79, 89, 91, 112, 134, 133, 189, 225, 246, 251, 262, 317, 384, 9001, 10107, 11600, 11602, 13435,
  13436, 14031,
]);

/** The driver lets some failures of the socket through as they are. */
const SOCKET = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ENOTCONN',
  'ERR_STREAM_DESTROYED',
]);

/** True where a document with that key is there already. */
export const isDuplicate = (error: unknown): boolean => error instanceof MongoError && error.code === 11000;

/** True where the same request may succeed when it is made again. */
export function isPassing(error: unknown): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  if (error instanceof MongoNotConnectedError) return true;
  if (typeof error === 'object' && error !== null && 'code' in error && SOCKET.has(String(error.code))) return true;
  if (!(error instanceof MongoError)) return false;
  if (error.hasErrorLabel('TransientTransactionError') || error.hasErrorLabel('RetryableWriteError')) return true;
  if (error.hasErrorLabel('UnknownTransactionCommitResult')) return true;
  return typeof error.code === 'number' && PASSING.has(error.code);
}

/** The failure that a client may repeat (503). */
export const unavailable = (cause: unknown): Problem =>
  new Problem('unavailable', 'The store cannot be reached now; repeat the request.', {
    cause,
    headers: { 'Retry-After': '2' },
  });

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits longer from attempt to attempt, never twice the same: two writers that collided must not collide again. */
export const backOff = (attempt: number): Promise<void> =>
  pause(Math.random() * Math.min(2 ** Math.min(attempt, 10), 250) + 0.5);

/** Makes a request again while its failure may pass and `patience` (ms) lasts; then rejects with Problem `unavailable`. */
export async function patiently<T>(patience: number, request: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (Date.now() >= deadline) throw unavailable(error);
      await backOff(attempt + 4);
    }
  }
}
