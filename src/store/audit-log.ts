/**
 * The grouped, hash-chained log of every access (DESIGN §4). Records are opaque text to the store (compact JSON made by
 * interactions/audit-record.ts), sealed at rest; `terms` are what they can be found by.
 * A record is durable when `append` resolves: answers wait for it. Records of writes ride in the write's own commit.
 */
export interface AuditLog {
  append(record: AuditRecord): Promise<void>;
  /** Records newest first that match `terms` within the interval, starting before `before` (exclusive). */
  find(query: AuditQuery): Promise<readonly StoredAuditRecord[]>;
  get(id: string): Promise<StoredAuditRecord | undefined>;
  /** Recomputes the chain; `broken` names the first block whose hash does not follow from the one before. */
  verify(): Promise<{ readonly records: number; readonly broken?: string }>;
}
export interface AuditRecord {
  /** Milliseconds UTC. */
  readonly at: number;
  /** JSON: line breaks need not survive. */
  readonly text: string;
  /** Keys such as `patient/123`, `entity/Observation/9`, `agent/client-1`; hashed by the store. */
  readonly terms: readonly string[];
  /** In a commit: the index of the change it tells of; the store keeps the version that change made. */
  readonly change?: number;
}
export interface StoredAuditRecord extends Pick<AuditRecord, 'at' | 'text'> {
  /** A FHIR id, rising with time within one writer. */
  readonly id: string;
  /** The version made by the change that the record tells of. */
  readonly version?: number;
}
export interface AuditQuery {
  /** Of each group a match carries at least one. */
  readonly terms: readonly (readonly string[])[];
  readonly low?: number;
  readonly high?: number;
  /** The id of a record: only older ones. */
  readonly before?: string;
  readonly limit: number;
}
