import { recordsOfLines } from './record-lines.ts';

/** The place that sealed audit records belong to; their order is secured by the chain. */
export const AUDIT_PLACE = 'audit';

/** A record of a block with what it is found by: terms as they were given, or hashed in blocks of an earlier layout. */
export interface BlockRecord {
  readonly at: number;
  readonly text: string;
  readonly terms: readonly (string | number)[];
}

/** The first four bytes of a block, little-endian. The first layout began with the length of a header, which is above 1. */
const HASHED_TERMS = 0;
const LINES = 1;
const HEAD_BYTES = 8;
const RECORD_BYTES = 14;
const MARK = Buffer.of(LINES, 0, 0, 0);

/** Records as one run of bytes: the mark of the layout, then their lines (see record-lines.ts). */
export const packLines = (parts: readonly string[]): Buffer =>
  Buffer.concat([MARK, Buffer.from(parts.length === 1 ? (parts[0] ?? '') : parts.join('\n'))]);

/** The records of a block of any layout. */
export function unpackRecords(packed: Buffer): readonly BlockRecord[] {
  switch (packed.readUInt32LE(0)) {
    case LINES:
      return recordsOfLines(packed.toString('utf8', MARK.length));
    case HASHED_TERMS:
      return unpackHashed(packed);
    default:
      return unpackFirst(packed);
  }
}

/**
 * HASHED_TERMS, number of records; for each its time (double), length of its text in bytes, number of its terms
 * (2 bytes), the terms (doubles); then the texts one after another.
 */
function unpackHashed(packed: Buffer): BlockRecord[] {
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

type FirstHeader = readonly (readonly [at: number, length: number, terms: readonly string[]])[];

function unpackFirst(packed: Buffer): BlockRecord[] {
  let at = 4 + packed.readUInt32LE(0);
  const header: FirstHeader = JSON.parse(packed.toString('utf8', 4, at));
  return header.map(([time, length, terms]) => {
    const text = packed.toString('utf8', at, at + length);
    at += length;
    return { at: time, text, terms };
  });
}
