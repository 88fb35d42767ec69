import type { Predicate } from '../search/query.ts';
import type { StoredAuditRecord } from '../store/audit-log.ts';
import { isRenderedId, type RenderedAuditEvent, recordId } from './audit-event.ts';
import { shownAuditEvent } from './audit-event-shown.ts';
import type { AuditCandidates } from './audit-terms.ts';
import type { Call } from './context.ts';
import { resourceSatisfies } from './satisfied.ts';

export interface RenderedEvent {
  readonly record: StoredAuditRecord;
  readonly resource: RenderedAuditEvent;
}
export interface Scan {
  readonly events: readonly RenderedEvent[];
  /** Where to go on: the id of the last record looked at; undefined at the end of the log. */
  readonly after?: string | undefined;
}

const BLOCK = 256;
const LOOKED_AT = 20_000;

/** Up to `count` rendered events that, as the caller may see them, satisfy the predicate, newest first; gives up after a bounded number of records. */
export async function scanAudit(
  call: Call,
  where: Predicate,
  candidates: AuditCandidates,
  before: string | undefined,
  count: number,
): Promise<Scan> {
  const { ids, ...filter } = candidates;
  if (ids !== undefined) return { events: await byIds(call, where, ids) };
  const events: RenderedEvent[] = [];
  let after = before;
  for (let looked = 0; looked < LOOKED_AT; ) {
    const records = await call.world.store.audit.find({
      ...filter,
      ...(after !== undefined && { before: after }),
      limit: BLOCK,
    });
    for (const record of records) {
      after = record.id;
      const event = judged(call, where, record);
      if (event !== undefined && events.push(event) === count) return { events, after };
    }
    if (records.length < BLOCK) return { events };
    looked += records.length;
  }
  return { events, after };
}

async function byIds(call: Call, where: Predicate, ids: readonly string[]): Promise<readonly RenderedEvent[]> {
  const records = await Promise.all(ids.filter(isRenderedId).map((id) => call.world.store.audit.get(recordId(id))));
  return records.flatMap((record) => (record && judged(call, where, record)) ?? []);
}

/** The predicate is asked of what is shown, or it would tell what is not. */
function judged(call: Call, where: Predicate, record: StoredAuditRecord): RenderedEvent | undefined {
  const resource = shownAuditEvent(call, 's', record);
  if (resource === undefined || !resourceSatisfies(call.world, where, resource, record.at)) return undefined;
  return { record, resource };
}
