import { Recent } from '../fhir/recent.ts';
import type { Json } from '../fhir/resource.ts';

/** An HTTP request as interactions see it: no Express, no sockets. Bundle entries make them too. */
export interface FhirRequest {
  readonly method: Method;
  /** Decoded segments below the FHIR base: `['Patient', '1', '_history']`; empty for the base itself. */
  readonly path: readonly string[];
  /** Decoded, in the order given, repeats kept. */
  readonly query: readonly (readonly [string, string])[];
  /** By lower-case name. */
  readonly headers: (name: string) => string | undefined;
  readonly body?: Buffer;
  /** The body where it is parsed already: entries of a Bundle, and XML. */
  readonly parsed?: Json;
  /** The media type of `body`, parameters cut off, lower case. */
  readonly contentType?: string;
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The first value of a query parameter. */
export const parameter = (request: FhirRequest, name: string): string | undefined =>
  request.query.find(([key]) => key === name)?.[1];

/** The query's pairs as text, without its `?`. Commas, colons, slashes and dollars are safe there and stay readable. */
export const queryText = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([key, value]) => `${encoded(key)}=${encoded(value)}`).join('&');

const PLAIN = /^[\w.~:/,$-]*$/;
// Names and codes come again with every search.
const seen = new Recent<string, string>(2000);

function encoded(text: string): string {
  if (PLAIN.test(text)) return text;
  const known = seen.get(text);
  if (known !== undefined) return known;
  const made = encodeURIComponent(text).replace(/%(?:2C|3A|2F|24)/g, decodeURIComponent);
  if (text.length <= 300) seen.set(text, made);
  return made;
}
