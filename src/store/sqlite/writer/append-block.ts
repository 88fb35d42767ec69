import type { KeyObject } from 'node:crypto';
import type { AuditRecord } from '../../audit-log.ts';
import { seal } from '../../encryption/sealing.ts';
import { AUDIT_PLACE, packRecords } from '../audit-block.ts';
import { blockHash } from '../block-hash.ts';
import type { Connection } from '../connection.ts';
import { type Hash, hashed } from '../hash.ts';
import type { Counters } from './group.ts';

/** With what the writer seals audit records and hashes the terms they are found by. */
export interface AuditSealing {
  readonly dataKey: number;
  readonly key: KeyObject;
  readonly hash: Hash;
}

/** A record of the group in progress, with the version made by the change it tells of. */
export interface MadeRecord extends AuditRecord {
  readonly version: number | null;
}

/** Seals records as one block and chains it to the block before. */
export function appendBlock(
  connection: Connection,
  counters: Counters,
  { dataKey, key, hash }: AuditSealing,
  records: readonly MadeRecord[],
): void {
  const terms = new Set<string>();
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const record of records) {
    for (const term of record.terms) terms.add(term);
    low = Math.min(low, record.at);
    high = Math.max(high, record.at);
  }
  const versions = records.every(({ version }) => version === null)
    ? ''
    : JSON.stringify(records.map(({ version }) => version));
  const block = ++counters.block;
  const previous = counters.hash;
  const sealed = seal(key, AUDIT_PLACE, packRecords(records));
  counters.hash = blockHash(previous, { block, low, high, records: records.length, versions, dataKey }, sealed);
  connection.run('INSERT INTO audit_block VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    block,
    low,
    high,
    records.length,
    previous,
    counters.hash,
    versions,
    dataKey,
    sealed,
  ]);
  for (const term of terms)
    connection.run('INSERT OR IGNORE INTO audit_term VALUES (?, ?)', [hash(hashed.auditTerm(term)), block]);
}
