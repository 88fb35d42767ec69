import { Problem } from '../../src/fhir/problem.ts';

export type Pair = readonly [string, string];

/** Where a connection goes on: the whole search with the position in it, so that a cursor needs nothing beside it (graphql.html#searching). */
export const cursorOf = (url: string): string => Buffer.from(`?${new URL(url).search.slice(1)}`).toString('base64url');

/**
 * The search that a cursor goes on with. `stated` is what is asked beside it, which may repeat that search and not
 * change it. Throws Problem `invalid` where it is no cursor, or another search is asked.
 */
export function searchOf(cursor: string, stated: readonly Pair[]): readonly Pair[] {
  const query = Buffer.from(cursor, 'base64url').toString();
  if (!query.startsWith('?')) throw wrong('is no cursor of a connection');
  const pairs = [...new URLSearchParams(query)];
  const other = stated.find(([name, value]) => !pairs.some(([known, its]) => known === name && its === value));
  if (other !== undefined) throw wrong(`goes on with the search that gave it, which '${other[0]}' changes`);
  return pairs;
}

const wrong = (what: string): Problem => new Problem('invalid', `_cursor ${what}`, { expression: ['_cursor'] });
