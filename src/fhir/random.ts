import { randomFillSync } from 'node:crypto';

// One call to the generator costs as much as sealing a resource; a few bytes at a time from a pool cost nothing.
const pool = Buffer.alloc(12 * 1024);
let used = pool.length;

/** Puts fresh random bytes into a buffer; few at a time, at most the pool's 12 KiB. */
export function takeRandom(into: Buffer, at: number, length: number): void {
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  pool.copy(into, at, used, used + length);
  used += length;
}
