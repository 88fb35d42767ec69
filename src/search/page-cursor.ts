import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Problem } from '../fhir/problem.ts';
import { takeRandom } from '../fhir/random.ts';
import { canonicalQuery } from './canonical-query.ts';
import type { Cursor, Query } from './query.ts';

const IV = 12;
const TAG = 16;

/**
 * The cursor as text for a page link, sealed with AES-256-GCM: positions hold sort values such as names, which must not
 * be readable in a URL. Good for this query alone, the policy's part of it included: no caller can use another's link.
 */
export const sealCursor = (key: Buffer, query: Query, cursor: Cursor): string => {
  const head = Buffer.allocUnsafe(IV + TAG);
  takeRandom(head, 0, IV);
  const cipher = createCipheriv('aes-256-gcm', pageKey(key), head.subarray(0, IV)).setAAD(binding(query));
  const sealed = cipher.update(JSON.stringify([cursor.direction, ...cursor.position]));
  cipher.final();
  cipher.getAuthTag().copy(head, IV);
  return Buffer.concat([head, sealed]).toString('base64url');
};

/** @throws Problem `invalid-search` where the text was not made here for this query. */
export const openCursor = (key: Buffer, query: Query, text: string): Cursor => {
  const [direction, ...position] = opened(key, query, Buffer.from(text, 'base64url'));
  return { direction: direction === 'previous' ? 'previous' : 'next', position };
};

const opened = (key: Buffer, query: Query, bytes: Buffer): readonly (string | number | null)[] => {
  try {
    const decipher = createDecipheriv('aes-256-gcm', pageKey(key), bytes.subarray(0, IV), { authTagLength: TAG })
      .setAAD(binding(query))
      .setAuthTag(bytes.subarray(IV, IV + TAG));
    const payload = Buffer.concat([decipher.update(bytes.subarray(IV + TAG)), decipher.final()]);
    return JSON.parse(payload.toString());
  } catch (cause) {
    const diagnostics = "search parameter '_page' is not a page link of this search; start again without it";
    throw new Problem('invalid-search', diagnostics, { expression: ['_page'], cause });
  }
};

// Derived once for each key a process holds: derivation costs more than sealing.
const PAGE_KEYS = new WeakMap<Buffer, KeyObject>();

function pageKey(key: Buffer): KeyObject {
  const known = PAGE_KEYS.get(key);
  if (known) return known;
  const derived = createSecretKey(Buffer.from(hkdfSync('sha256', key, '', 'search page links', 32)));
  PAGE_KEYS.set(key, derived);
  return derived;
}

const binding = (query: Query): Buffer => Buffer.from(canonicalQuery(query));
