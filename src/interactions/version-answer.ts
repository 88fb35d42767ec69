import { dateInterval } from '../fhir/period.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Answer } from './answer.ts';
import type { Call } from './context.ts';
import { noneMatch, versionHeaders } from './etag.ts';
import type { FhirRequest } from './request.ts';
import { subset, subsetOf } from './subset.ts';

type ShownVersion = Pick<StoredVersion, 'type' | 'version' | 'lastUpdated' | 'body'>;

/** 200 with the version, or 304 where the client has it already. */
export function versionAnswer(call: Call, version: ShownVersion): Answer {
  const headers = versionHeaders(version);
  if (notModified(call.request, version)) return { status: 304, headers };
  const wanted = subsetOf(call.world.registry, call.request, [version.type]);
  const bytes = wanted === undefined ? version.body : subset(call.world.registry, version.body, wanted);
  return { status: 200, headers, body: { kind: 'bytes', bytes } };
}

function notModified(request: FhirRequest, version: ShownVersion): boolean {
  const tags = request.headers('if-none-match');
  // If-None-Match wins over If-Modified-Since (RFC 9110, 13.1.3).
  if (tags !== undefined) return noneMatch(tags, version.version);
  const since = request.headers('if-modified-since');
  if (since === undefined) return false;
  const at = dateInterval(since)?.low ?? Date.parse(since);
  return !Number.isNaN(at) && Math.floor(version.lastUpdated / 1000) * 1000 <= at;
}
