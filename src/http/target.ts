import { decoded, pairsOf } from '../interactions/url-text.ts';

/** A request target taken apart and decoded. */
export interface Target {
  /** Segments below the FHIR base; empty for the base itself. */
  readonly path: readonly string[];
  readonly query: readonly (readonly [string, string])[];
}

const FHIR = '/fhir';

/** True where the request target lies at or below the FHIR base. */
export const isBelowBase = (url: string): boolean => {
  if (!url.startsWith(FHIR)) return false;
  const next = url.charCodeAt(FHIR.length);
  return url.length === FHIR.length || next === 0x2f || next === 0x3f;
};

/** A request target without scheme and authority: clients may send it whole (RFC 9112 §3.2.2). */
export const originForm = (url: string): string => url.replace(/^https?:\/\/[^/?]*/i, '');

/** Takes apart a request target at or below the base. Throws Problem `invalid` where an escape is malformed. */
export function targetOf(url: string): Target {
  const mark = url.indexOf('?');
  const path = url.slice(FHIR.length + 1, mark === -1 ? undefined : mark);
  const segments = (path.endsWith('/') ? path.slice(0, -1) : path).split('/');
  return {
    path: segments.length === 1 && segments[0] === '' ? [] : segments.map(decoded),
    query: mark === -1 ? [] : pairsOf(url.slice(mark + 1)),
  };
}
