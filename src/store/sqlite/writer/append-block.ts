import type { KeyObject } from 'node:crypto';
import { seal } from '../../encryption/sealing.ts';
import { AUDIT_PLACE, packLines } from '../audit/block.ts';
import { blockHash } from '../audit/block-hash.ts';
import type { RecordHeads } from '../audit/record-lines.ts';
import type { Connection } from '../connection.ts';
import { hashed } from '../hash.ts';
import { indexTerms } from './audit-terms.ts';
import type { Counters } from './group.ts';

/** With what the writer seals audit records and hashes the terms they are found by. */
export interface AuditSealing {
  readonly dataKey: number;
  readonly key: KeyObject;
  readonly hash: (text: string) => number;
}

/** The records of one order, with the versions made by the changes that they may tell of. */
export interface MadeRecords {
  readonly heads: RecordHeads;
  readonly lines: string;
  readonly versions: readonly number[];
}

/** Seals records as one block and chains it to the block before. */
export function appendBlock(
  connection: Connection,
  counters: Counters,
  { dataKey, key, hash }: AuditSealing,
  made: readonly MadeRecords[],
): void {
  const terms = new Set<number>();
  let records = 0;
  let low = Number.POSITIVE_INFINITY;
  // Never below that of the block before: what orders the blocks of two chains.
  let { high } = counters;
  for (const { heads } of made) {
    for (const term of heads.terms) terms.add(hash(hashed.auditTerm(term)));
    records += heads.count;
    low = Math.min(low, heads.low);
    high = Math.max(high, heads.high);
  }
  const versions = made.some(({ heads }) => heads.changes) ? JSON.stringify(made.flatMap(versionsOf)) : '';
  const block = ++counters.block;
  const previous = counters.hash;
  const sealed = seal(key, AUDIT_PLACE, packLines(made.map(({ lines }) => lines)));
  counters.high = high;
  counters.hash = blockHash(previous, { block, low, high, records, versions, dataKey }, sealed);
  connection.run('INSERT INTO audit_block VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    block,
    low,
    high,
    records,
    previous,
    counters.hash,
    versions,
    dataKey,
    sealed,
  ]);
  indexTerms(connection, block, terms);
}

/** For each record the version made by the change it tells of. */
const versionsOf = ({ heads: { count, changes }, versions }: MadeRecords): (number | null)[] =>
  changes?.map((change) => (change === null ? null : (versions[change] ?? null))) ?? new Array<null>(count).fill(null);
