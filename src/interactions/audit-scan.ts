import type { Resource } from '../fhir/resource.ts';
import type { Predicate } from '../search/query.ts';
import type { StoredAuditRecord } from '../store/audit-log.ts';
import { isRenderedId, recordId, renderAuditEvent } from './audit-event.ts';
import type { AuditCandidates } from './audit-terms.ts';
import type { World } from './context.ts';
import { resourceSatisfies } from './satisfied.ts';

export interface RenderedEvent {
  readonly record: StoredAuditRecord;
  readonly resource: Resource & { readonly id: string };
}
export interface Scan {
  readonly events: readonly RenderedEvent[];
  /** Where to go on: the id of the last record looked at; undefined at the end of the log. */
  readonly after?: string | undefined;
}

const BLOCK = 256;
const LOOKED_AT = 20_000;

/** Up to `count` rendered events that satisfy the predicate, newest first; gives up after a bounded number of records. */
export async function scanAudit(
  world: World,
  where: Predicate,
  candidates: AuditCandidates,
  before: string | undefined,
  count: number,
): Promise<Scan> {
  const { ids, ...filter } = candidates;
  if (ids !== undefined) return { events: await byIds(world, where, ids) };
  const events: RenderedEvent[] = [];
  let after = before;
  for (let looked = 0; looked < LOOKED_AT; ) {
    const records = await world.store.audit.find({
      ...filter,
      ...(after !== undefined && { before: after }),
      limit: BLOCK,
    });
    for (const record of records) {
      after = record.id;
      const event = judged(world, where, record);
      if (event !== undefined && events.push(event) === count) return { events, after };
    }
    if (records.length < BLOCK) return { events };
    looked += records.length;
  }
  return { events, after };
}

async function byIds(world: World, where: Predicate, ids: readonly string[]): Promise<readonly RenderedEvent[]> {
  const records = await Promise.all(ids.filter(isRenderedId).map((id) => world.store.audit.get(recordId(id))));
  return records.flatMap((record) => (record && judged(world, where, record)) ?? []);
}

function judged(world: World, where: Predicate, record: StoredAuditRecord): RenderedEvent | undefined {
  const resource = renderAuditEvent(record);
  return resourceSatisfies(world, where, resource, record.at) ? { record, resource } : undefined;
}
