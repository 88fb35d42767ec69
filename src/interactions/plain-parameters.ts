import { Problem } from '../fhir/problem.ts';
import { nearest } from '../search/suggestion.ts';
import { preferences } from './preferences.ts';
import type { FhirRequest } from './request.ts';

/** Parameters of every interaction (http.html#parameters). */
const GENERAL_PARAMETERS: readonly string[] = ['_format', '_pretty', '_summary', '_elements'];

/**
 * Refuses a query parameter that an interaction does not define, as a search does (search.html#errors); with
 * `handling=lenient`, which `request` states, it is ignored. `at` is the query of an entry, and the element that holds it.
 * @throws Problem `unknown-parameter`, naming it and the nearest of those that are defined.
 */
export function refuseUnknownParameters(
  request: FhirRequest,
  interaction: string,
  own: readonly string[],
  at?: { readonly query: FhirRequest['query']; readonly expression: string },
): void {
  const query = at?.query ?? request.query;
  if (query.length === 0) return;
  const defined = [...new Set([...own, ...GENERAL_PARAMETERS])];
  const unknown = query.find(([name]) => !defined.includes(name));
  if (unknown === undefined || preferences(request).handling === 'lenient') return;
  const [name] = unknown;
  const meant = nearest(name, defined);
  throw new Problem(
    'unknown-parameter',
    `'${name}' is not a parameter of ${interaction}; ${meant === undefined ? `${defined.join(', ')} are` : `did you mean ${meant}?`}`,
    { expression: [at?.expression ?? name] },
  );
}
