import { Problem } from '../fhir/problem.ts';
import type { FhirRequest } from './request.ts';
import { pairsOf } from './url-text.ts';

/** The parameters of a search: those of the URL and, for `POST _search`, those of the form as well (http.html#search). */
export function searchPairs(request: FhirRequest): readonly (readonly [string, string])[] {
  const { method, body, contentType, query } = request;
  if (method !== 'POST' || body === undefined || body.length === 0) return query;
  if (contentType !== 'application/x-www-form-urlencoded') {
    throw new Problem(
      'unsupported-media-type',
      `A search is posted as application/x-www-form-urlencoded, not ${contentType ?? 'without a type'}`,
    );
  }
  return [...query, ...pairsOf(body.toString())];
}
