import type { KeyObject } from 'node:crypto';
import { seal } from '../../encryption/sealing.ts';
import { AUDIT_PLACE, type BlockRecord, packRecords } from '../audit/block.ts';
import { blockHash } from '../audit/block-hash.ts';
import type { Connection } from '../connection.ts';
import type { Hash } from '../hash.ts';
import { indexTerms } from './audit-terms.ts';
import type { Counters } from './group.ts';

/** With what the writer seals audit records and hashes the terms they are found by. */
export interface AuditSealing {
  readonly dataKey: number;
  readonly key: KeyObject;
  readonly hash: Hash;
}

/** A record of the group in progress, with the version made by the change it tells of. */
export interface MadeRecord extends BlockRecord {
  readonly version: number | null;
}

/** Seals records as one block and chains it to the block before. */
export function appendBlock(
  connection: Connection,
  counters: Counters,
  { dataKey, key }: AuditSealing,
  records: readonly MadeRecord[],
): void {
  const terms = new Set<number>();
  let low = Number.POSITIVE_INFINITY;
  // Never below that of the block before: what orders the blocks of two chains.
  let high = Number(connection.get('SELECT high FROM audit_block WHERE block = ?', [counters.block])?.[0] ?? 0);
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
  indexTerms(connection, block, terms);
}
