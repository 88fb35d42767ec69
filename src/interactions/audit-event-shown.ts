import type { Action } from '../access/permit.ts';
import type { StoredAuditRecord } from '../store/audit-log.ts';
import { auditedPatients, type RenderedAuditEvent, renderAuditEvent } from './audit-event.ts';
import type { Call } from './context.ts';
import { permitted } from './permission.ts';
import { resourceSatisfies } from './satisfied.ts';

/**
 * The AuditEvent of a record as the caller may see it, or undefined where it may not. One page can show many patients:
 * whoever may see only some accesses sees of such a record the patients whose own part of it would be theirs to see.
 * Throws Problem `forbidden` where the caller may see no AuditEvents at all.
 */
export function shownAuditEvent(
  { world, caller }: Pick<Call, 'world' | 'caller'>,
  action: Action,
  record: StoredAuditRecord,
): RenderedAuditEvent | undefined {
  const where = permitted(caller, action, 'AuditEvent');
  if (where.kind === 'all') return renderAuditEvent(record);
  const allowed = (patients?: ReadonlySet<string>): RenderedAuditEvent | undefined => {
    const event = renderAuditEvent(record, patients);
    return resourceSatisfies(world, where, event, record.at) ? event : undefined;
  };
  const patients = auditedPatients(record);
  if (patients.size < 2) return allowed();
  const theirs = new Set([...patients].filter((patient) => allowed(new Set([patient])) !== undefined));
  if (theirs.size === patients.size) return allowed();
  return theirs.size === 0 ? undefined : allowed(theirs);
}
