import { writeJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import type { Answer } from './answer.ts';
import { recordId } from './audit-event.ts';
import { shownAuditEvent } from './audit-event-shown.ts';
import { recordAccess } from './audit-record.ts';
import type { Call } from './context.ts';
import { permitted } from './permission.ts';
import { versionAnswer } from './version-answer.ts';

/** `GET AuditEvent/a.…`: rendered from the log. It never changes, so it is always version 1. */
export async function readRendered(call: Call, id: string): Promise<Answer> {
  permitted(call.caller, 'r', 'AuditEvent');
  const record = await call.world.store.audit.get(recordId(id));
  const event = record && shownAuditEvent(call, 'r', record);
  if (record === undefined || event === undefined) {
    throw new Problem('not-found', `AuditEvent/${id} is not known here`);
  }
  await recordAccess(call, { interaction: 'read', entities: [{ type: 'AuditEvent', id, version: 1 }] });
  const body = Buffer.from(writeJson(event));
  return versionAnswer(call, { type: 'AuditEvent', version: 1, lastUpdated: record.at, body });
}
