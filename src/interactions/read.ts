import { dateInterval } from '../fhir/period.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Answer } from './answer.ts';
import { isRenderedId } from './audit-event.ts';
import { readRendered } from './audit-event-read.ts';
import { recordAccess } from './audit-record.ts';
import type { Call, RouteParams } from './context.ts';
import { noneMatch, versionHeaders } from './etag.ts';
import { readDefinition } from './operation-definition.ts';
import type { FhirRequest } from './request.ts';
import { subset, subsetOf } from './subset.ts';
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

/** 200 with the version, or 304 where the client has it already. */
export function versionAnswer(call: Call, version: StoredVersion): Answer {
  const headers = versionHeaders(version);
  if (notModified(call.request, version)) return { status: 304, headers };
  const wanted = subsetOf(call.request.query);
  const bytes = wanted === undefined ? version.body : subset(call.world.registry, version.body, wanted);
  return { status: 200, headers, body: { kind: 'bytes', bytes } };
}

function notModified(request: FhirRequest, version: StoredVersion): boolean {
  const tags = request.headers('if-none-match');
  // If-None-Match wins over If-Modified-Since (RFC 9110, 13.1.3).
  if (tags !== undefined) return noneMatch(tags, version.version);
  const since = request.headers('if-modified-since');
  if (since === undefined) return false;
  const at = dateInterval(since)?.low ?? Date.parse(since);
  return !Number.isNaN(at) && Math.floor(version.lastUpdated / 1000) * 1000 <= at;
}
