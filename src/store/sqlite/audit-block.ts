import type { AuditRecord } from '../audit-log.ts';

/** The place that sealed audit records belong to; their order is secured by the chain. */
export const AUDIT_PLACE = 'audit';

type Header = readonly (readonly [at: number, length: number, terms: readonly string[]])[];

/** Records as one run of bytes: length of the header, header as JSON, the records' bytes one after another. */
export function packRecords(records: readonly AuditRecord[]): Buffer {
  const header: Header = records.map((record) => [record.at, record.bytes.length, record.terms]);
  const head = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  return Buffer.concat([size, head, ...records.map((record) => record.bytes)]);
}

export function unpackRecords(packed: Buffer): AuditRecord[] {
  let at = 4 + packed.readUInt32LE(0);
  const header: Header = JSON.parse(packed.toString('utf8', 4, at));
  return header.map(([time, length, terms]) => {
    const bytes = packed.subarray(at, at + length);
    at += length;
    return { at: time, bytes, terms };
  });
}
