import { createHash } from 'node:crypto';

/** What a block's hash covers besides the hash before it and its sealed records. */
export interface BlockFacts {
  readonly block: number;
  readonly low: number;
  readonly high: number;
  readonly records: number;
  readonly versions: string;
  readonly dataKey: number;
}

/** SHA-256 over the previous block's hash, the block's facts and its sealed records: any change breaks every block after it. */
export function blockHash(previous: Buffer, facts: BlockFacts, sealed: Buffer): Buffer {
  const { block, low, high, records, versions, dataKey } = facts;
  return createHash('sha256')
    .update(previous)
    .update(JSON.stringify([block, low, high, records, versions, dataKey]))
    .update(sealed)
    .digest();
}
