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
  at?: Place,
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

/**
 * Refuses `_summary` and `_elements` where the answer has no part to cut down: left out in silence they would seem to hold.
 * `at` as above.
 */
export function refuseSubset(request: FhirRequest, what: string, at?: Place): void {
  const asked = (at?.query ?? request.query).find(isSubset);
  if (asked === undefined || preferences(request).handling === 'lenient') return;
  const [name] = asked;
  throw new Problem('not-supported', `'${name}' is not answered by ${what}, whose answer is whole`, {
    expression: [at?.expression ?? name],
  });
}

const isSubset = ([name, value]: readonly [string, string]): boolean =>
  name === '_elements' || (name === '_summary' && value !== 'false');

interface Place {
  readonly query: FhirRequest['query'];
  readonly expression: string;
}
