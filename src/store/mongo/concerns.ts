/** Acknowledged by a majority, on disk. */
export const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;
/** Only what no election can take back. */
export const MAJORITY = { readConcern: { level: 'majority' } } as const;
