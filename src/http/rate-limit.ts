import type { ServerResponse } from 'node:http';
import { type IncrementResponse, MemoryStore } from 'express-rate-limit';
import { Problem } from '../fhir/problem.ts';

/** Counts a request under a key and says what is left in RateLimit headers; rejects with Problem `throttled`. */
export type RateLimit = (key: string, response: ServerResponse) => Promise<void>;

const WINDOW_MS = 60_000;

/** One budget a key and minute, counted by express-rate-limit's store for every way into the server. */
export function rateLimit(perMinute: number, now: () => number): RateLimit {
  const counts = new MemoryStore();
  counts.init({ windowMs: WINDOW_MS } as Parameters<MemoryStore['init']>[0]);
  return async (key, response) => {
    const { totalHits, resetTime }: IncrementResponse = await counts.increment(key);
    const seconds = Math.max(1, Math.ceil(((resetTime?.getTime() ?? now() + WINDOW_MS) - now()) / 1000));
    response.setHeader('RateLimit-Policy', `${perMinute};w=${WINDOW_MS / 1000}`);
    response.setHeader(
      'RateLimit',
      `limit=${perMinute}, remaining=${Math.max(0, perMinute - totalHits)}, reset=${seconds}`,
    );
    if (totalHits > perMinute) {
      throw new Problem('throttled', `More than ${perMinute} requests in a minute; try again in ${seconds} s.`, {
        headers: { 'Retry-After': String(seconds) },
      });
    }
  };
}
