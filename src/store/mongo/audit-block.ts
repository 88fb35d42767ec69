import { createHash } from 'node:crypto';
import type { Vault } from '../encryption/vault.ts';
import type { AuditRecord, StoredAuditRecord } from '../audit-log.ts';
import { type Bytes, bytesOf } from './documents.ts';
import type { Hash } from './hashes.ts';

/** Collection `audit`: the records of one flush, sealed together and chained to the flush before. */
export interface AuditBlockDocument {
  /** `<chain>.<n, base 36, 8 digits>`. */
  _id: string;
  chain: string;
  n: number;
  /** Earliest and latest record, ms UTC. */
  low: number;
  high: number;
  count: number;
  /** Hashed terms of all records. */
  terms: number[];
  /** Hash of the block before; of the chain's name for the first. */
  previous: Bytes;
  hash: Bytes;
  keyId: number;
  body: Bytes;
}

/** A record ready to be kept, with the version that its change made. */
export interface KeptRecord extends Omit<AuditRecord, 'change'> {
  readonly version?: number;
}

interface Header {
  readonly at: number;
  readonly length: number;
  readonly terms: readonly string[];
  readonly version?: number;
}

export const genesis = (chain: string): Buffer => createHash('sha256').update(`novamind audit\0${chain}`).digest();

/** The hash that chains a block: over everything it says, terms and interval included. */
export function blockHash(block: Omit<AuditBlockDocument, 'hash'>): Buffer {
  const { _id, n, low, high, count, keyId } = block;
  const facts = JSON.stringify([_id, n, low, high, count, keyId, block.terms]);
  return createHash('sha256').update(bytesOf(block.previous)).update(facts).update(bytesOf(block.body)).digest();
}

export const blockId = (chain: string, n: number): string => `${chain}.${n.toString(36).padStart(8, '0')}`;
export const recordId = (block: string, place: number): string => `${block}.${place.toString(36).padStart(4, '0')}`;

/** Layout: length of the header, header (JSON), then the records' bytes one after another. */
function packed(records: readonly KeptRecord[]): Buffer {
  const header = Buffer.from(
    JSON.stringify(
      records.map(
        ({ at, text, terms, version }): Header => ({
          at,
          length: Buffer.byteLength(text),
          terms,
          ...(version !== undefined && { version }),
        }),
      ),
    ),
  );
  const size = Buffer.allocUnsafe(4);
  size.writeUInt32BE(header.length);
  return Buffer.concat([size, header, Buffer.from(records.map(({ text }) => text).join(''))]);
}

/** The next block of a chain. */
export async function makeBlock(
  vault: Vault,
  hash: Hash,
  chain: string,
  n: number,
  previous: Buffer,
  records: readonly KeptRecord[],
): Promise<AuditBlockDocument> {
  const _id = blockId(chain, n);
  const { keyId, sealed } = await vault.seal(null, `audit/${_id}`, packed(records));
  const times = records.map((r) => r.at);
  const block = {
    _id,
    chain,
    n,
    low: Math.min(...times),
    high: Math.max(...times),
    count: records.length,
    terms: [...new Set(records.flatMap((r) => r.terms))].map((term) => hash(`audit\u0001${term}`)),
    previous,
    keyId,
    body: sealed,
  };
  return { ...block, hash: blockHash(block) };
}

/** A record with what it is found by. */
export interface OpenedRecord {
  readonly record: StoredAuditRecord;
  readonly terms: readonly string[];
}

/** Opens a block's records, oldest first. */
export async function openBlock(vault: Vault, block: AuditBlockDocument): Promise<OpenedRecord[]> {
  const plain = await vault.open(block.keyId, `audit/${block._id}`, bytesOf(block.body));
  const start = 4 + plain.readUInt32BE(0);
  const headers: readonly Header[] = JSON.parse(plain.toString('utf8', 4, start));
  let at = start;
  return headers.map((header, place) => {
    const text = plain.toString('utf8', at, at + header.length);
    at += header.length;
    const { terms, version } = header;
    const id = recordId(block._id, place);
    return { record: { id, at: header.at, text, ...(version !== undefined && { version }) }, terms };
  });
}
