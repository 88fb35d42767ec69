/** The place that sealed audit records belong to; their order is secured by the chain. */
export const AUDIT_PLACE = 'audit';

/** A record as a block holds it: its terms are hashed. */
export interface BlockRecord {
  readonly at: number;
  readonly text: string;
  readonly terms: readonly number[];
}

/** The first four bytes of this layout; the one before it began with the length of a header, which is never 0. */
const LAYOUT = 0;
const HEAD_BYTES = 8;
const RECORD_BYTES = 14;

/**
 * Records as one run of bytes, little-endian: LAYOUT, number of records; for each its time (double), length of its text
 * in bytes, number of its terms (2 bytes), the terms (doubles); then the texts one after another.
 */
export function packRecords(records: readonly BlockRecord[]): Buffer {
  const texts = Buffer.from(records.map(({ text }) => text).join(''));
  const terms = records.reduce((sum, record) => sum + record.terms.length, 0);
  const head = HEAD_BYTES + records.length * RECORD_BYTES + terms * 8;
  const packed = Buffer.allocUnsafe(head + texts.length);
  packed.writeUInt32LE(LAYOUT, 0);
  let at = packed.writeUInt32LE(records.length, 4);
  for (const record of records) {
    at = packed.writeDoubleLE(record.at, at);
    at = packed.writeUInt32LE(Buffer.byteLength(record.text), at);
    at = packed.writeUInt16LE(record.terms.length, at);
    for (const term of record.terms) at = packed.writeDoubleLE(term, at);
  }
  texts.copy(packed, head);
  return packed;
}

/** The records of a block. `hash` is for those of the earlier layout, which holds terms as they were given. */
export function unpackRecords(packed: Buffer, hash: (term: string) => number): BlockRecord[] {
  if (packed.readUInt32LE(0) !== LAYOUT) return unpackEarlier(packed, hash);
  let at = HEAD_BYTES;
  const heads = Array.from({ length: packed.readUInt32LE(4) }, () => {
    const head = { at: packed.readDoubleLE(at), length: packed.readUInt32LE(at + 8) };
    const first = at + RECORD_BYTES;
    const terms = Array.from({ length: packed.readUInt16LE(at + 12) }, (_, n) => packed.readDoubleLE(first + n * 8));
    at = first + terms.length * 8;
    return { ...head, terms };
  });
  return heads.map(({ at: time, length, terms }) => {
    const text = packed.toString('utf8', at, at + length);
    at += length;
    return { at: time, text, terms };
  });
}

type EarlierHeader = readonly (readonly [at: number, length: number, terms: readonly string[]])[];

function unpackEarlier(packed: Buffer, hash: (term: string) => number): BlockRecord[] {
  let at = 4 + packed.readUInt32LE(0);
  const header: EarlierHeader = JSON.parse(packed.toString('utf8', 4, at));
  return header.map(([time, length, terms]) => {
    const text = packed.toString('utf8', at, at + length);
    at += length;
    return { at: time, text, terms: terms.map(hash) };
  });
}
