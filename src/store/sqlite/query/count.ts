import type { Predicate } from '../../../search/query.ts';
import type { Sql } from '../connection.ts';
import { integer } from '../connection.ts';
import { candidates } from './lead.ts';
import { type Scope, sizeOf, typeNumber } from './scope.ts';
import { atMost, sql } from './sql.ts';

const CAP = 5000;

/** How many current resources match; a whole type's number is kept by every commit. */
export function count(scope: Scope, types: readonly string[], where: Predicate): number {
  if (where.kind === 'none') return 0;
  let total = 0;
  for (const type of types) {
    if (typeNumber(scope, type) === undefined) continue;
    if (where.kind === 'all') total += sizeOf(scope, type);
    else {
      const { text, values } = candidates(scope, type, where, CAP).select;
      total += integer(scope.connection.get(`SELECT count(*) FROM (${text})`, values), 0);
    }
  }
  return total;
}

/** The ids of a type's matches, at most `limit`: what a guard is held against in the writer. */
export function matchingIds(scope: Scope, type: string, where: Predicate, limit: number): Sql {
  if (where.kind === 'none') return sql`SELECT NULL WHERE 0`;
  const { select } = candidates(scope, type, where, CAP);
  return sql`SELECT w.id FROM (${select}) m CROSS JOIN version w ON w.seq = m.seq ${atMost(limit)}`;
}
