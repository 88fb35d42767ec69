import { Problem } from '../fhir/problem.ts';
import type { Answer } from './answer.ts';
import { isRenderedId } from './audit-event.ts';
import { readRendered } from './audit-event-read.ts';
import { recordAccess } from './audit-record.ts';
import type { Call, RouteParams } from './context.ts';
import { permitted } from './permission.ts';
import { versionAnswer } from './version-answer.ts';
import { versionSatisfies } from './satisfied.ts';

/** `GET [type]/[id]/_history/[vid]` (http.html#vread). */
export async function vread(call: Call, { type, id, version: vid }: RouteParams): Promise<Answer> {
  const where = permitted(call.caller, 'r', type);
  if (type === 'AuditEvent' && isRenderedId(id) && vid === '1') return readRendered(call, id);
  const unknown = new Problem('not-found', `${type}/${id} has no version '${vid}'`);
  if (!/^[1-9]\d{0,14}$/.test(vid)) throw unknown;
  const version = await call.world.store.vread({ type, id }, Number(vid));
  if (version === undefined) throw unknown;
  if (!versionSatisfies(call.world, where, version)) {
    await recordAccess(call, { interaction: 'vread', entities: [version], outcome: '4' });
    throw unknown;
  }
  if (version.deleted) throw new Problem('deleted', `Version ${vid} of ${type}/${id} is its deletion`);
  await recordAccess(call, { interaction: 'vread', entities: [version] });
  return versionAnswer(call, version);
}
