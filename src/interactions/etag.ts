import { Problem } from '../fhir/problem.ts';
import type { Expectation, StoredVersion } from '../store/store.ts';
import type { FhirRequest } from './request.ts';

/** A version as a weak entity tag (http.html#versioning). */
export const etag = (version: number): string => `W/"${version}"`;

/** What an If-Match asks of the current version: to be one version, or to be there at all (`*`). */
export type IfMatch = number | 'present';

/** What an If-Match states; undefined without the header. Throws Problem `invalid` where it is neither one entity tag nor `*`. */
export function ifMatch(header: string | undefined): IfMatch | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return 'present';
  const version = /^\s*(?:W\/)?"([^"]*)"\s*$/.exec(header)?.[1] ?? /^\s*(\d+)\s*$/.exec(header)?.[1];
  if (version === undefined)
    throw new Problem('invalid', `If-Match: ${header} is neither one entity tag such as W/"1" nor *`);
  // Ours are integers: any other tag matches no version at all.
  return /^[1-9]\d{0,14}$/.test(version) ? Number(version) : -1;
}

/**
 * Throws Problem `not-supported` where a change states If-Unmodified-Since: a time has not the precision to tell versions
 * apart, and left out in silence it would let through the lost update that it is to prevent.
 */
export function refuseUnmodifiedSince({ method, headers }: FhirRequest): void {
  if (method === 'GET' || method === 'HEAD' || method === 'POST') return;
  if (headers('if-unmodified-since') === undefined) return;
  throw new Problem(
    'not-supported',
    'If-Unmodified-Since is not evaluated: state the version that you have in If-Match',
  );
}

/** The expectation that an If-Match makes of a commit. */
export const expected = (asked: IfMatch): Expectation =>
  asked === 'present' ? { kind: 'present' } : { kind: 'version', version: asked };

/** True where an If-None-Match lets a write create alone (`*`). Throws Problem `invalid` for tags: they are of reads. */
export function createsOnly(header: string | undefined): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  throw new Problem('invalid', `If-None-Match: ${header} is of reads; of an update it can be * alone, to create only`);
}

/** True where an If-None-Match lists the version, or is `*`. */
export const noneMatch = (header: string, version: number): boolean =>
  header
    .split(',')
    .some((tag) => tag.trim() === '*' || /^(?:W\/)?"([^"]*)"$/.exec(tag.trim())?.[1] === String(version));

const pad = (n: number): string => (n < 10 ? `0${n}` : String(n));
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** An HTTP date (RFC 9110), ms UTC. */
function httpDate(ms: number): string {
  const d = new Date(ms);
  const time = `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}`;
  return `${DAYS[d.getUTCDay()]}, ${pad(d.getUTCDate())} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()} ${time} GMT`;
}

/** ETag and Last-Modified of a version. */
export const versionHeaders = (version: Pick<StoredVersion, 'version' | 'lastUpdated'>): Record<string, string> => ({
  ETag: etag(version.version),
  'Last-Modified': httpDate(version.lastUpdated),
});
