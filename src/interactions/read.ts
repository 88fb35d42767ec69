import type { Answer } from './answer.ts';
import { isRenderedId } from './audit-event.ts';
import { readRendered } from './audit-event-read.ts';
import { recordAccess } from './audit-record.ts';
import type { Call, RouteParams } from './context.ts';
import { readDefinition } from './operation-definition.ts';
import { versionAnswer } from './version-answer.ts';
import { readable } from './visible.ts';

/** `GET [type]/[id]` (http.html#read), conditional by If-None-Match and If-Modified-Since. */
export async function read(call: Call, { type, id }: RouteParams): Promise<Answer> {
  if (type === 'AuditEvent' && isRenderedId(id)) return readRendered(call, id);
  const definition = type === 'OperationDefinition' ? await readDefinition(call, id) : undefined;
  if (definition !== undefined) return definition;
  const version = await readable(call, { type, id });
  await recordAccess(call, { interaction: 'read', entities: [version] });
  return versionAnswer(call, version);
}
