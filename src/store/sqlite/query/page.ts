import { and, type Predicate, type Query } from '../../../search/query.ts';
import type { Sql } from '../connection.ts';
import { filter } from './filter.ts';
import { lead } from './lead.ts';
import { beyond, orderBy, orderOf, recency, sortKey } from './order.ts';
import { type Scope, sizeOf, typeNumber } from './scope.ts';
import { atMost, compound, joined, raw, sql } from './sql.ts';
import { timelinePage } from './timeline-page.ts';
import { walk } from './walk.ts';

/** SELECTs of seq, k0, k1, … to be read one after another until the page is full. */
export type Phases = readonly Sql[];

/**
 * Under so many candidates it is cheaper to sort them than to walk in order: about √(page × rows), as a power of two so
 * that a growing store asks the same statement for long.
 */
const capFor = (scope: Scope, query: Query): number => {
  const rows = query.types.reduce((sum, type) => sum + sizeOf(scope, type), 0);
  return 2 ** Math.min(12, Math.max(7, Math.ceil(Math.log2(rows * (query.count + 1)) / 2)));
};

/** How to read one page: phases of statements with room for one row more than asked. */
export function page(scope: Scope, query: Query): Phases {
  const limit = query.count + 1;
  const types = query.types.filter((type) => typeNumber(scope, type) !== undefined);
  if (types.length === 0 || query.where.kind === 'none') return [];
  const byRecency = recency(query);
  if (byRecency) return [recentPage(scope, query, types, byRecency.descending, limit)];
  const only = types.length === 1 ? types[0] : undefined;
  if (only !== undefined) {
    const timeline = timelinePage(scope, query, only, limit);
    if (timeline) return withMissing(scope, query, only, timeline, limit);
    const leading = lead(scope, only, query.where, capFor(scope, query));
    if (!leading?.few) {
      const walked = walk(scope, query, only, limit);
      if (walked) return withMissing(scope, query, only, walked, limit);
    }
  }
  return [sortedPage(scope, query, types, query.where, limit)];
}

/** The page in the order of commits. Each arm stops after `limit` rows. */
function recentPage(scope: Scope, query: Query, types: readonly string[], descending: boolean, limit: number): Sql {
  const { backward, position } = orderOf(query);
  const down = descending !== backward;
  const bound = position ? sql`x0.seq ${raw(down ? '<' : '>')} ${position.at(-1) ?? 0}` : sql`1`;
  const order = raw(`ORDER BY seq ${down ? 'DESC' : 'ASC'}`);
  const keys = raw(query.sort.length === 1 ? ', seq AS k0' : '');
  const cap = capFor(scope, query);
  const arms = types.map((type) => {
    const leading = lead(scope, type, query.where, cap);
    if (leading && (leading.few || leading.ordered)) {
      const tests = leading.rest.map((part) => filter(scope, type, part, 'x0.seq'));
      return sql`SELECT DISTINCT x0.seq AS seq FROM (${leading.select}) x0 WHERE ${joined([bound, ...tests], 'AND')} ${order} ${atMost(limit)}`;
    }
    return sql`SELECT x0.seq AS seq FROM recent x0 WHERE x0.type = ${typeNumber(scope, type) ?? -1}
      AND ${bound} AND ${filter(scope, type, query.where, 'x0.seq')} ${order} ${atMost(limit)}`;
  });
  return sql`SELECT seq${keys} FROM (${compound(arms, 'UNION ALL')}) ${order} ${atMost(limit)}`;
}

/** The page of all matches, sorted. */
function sortedPage(scope: Scope, query: Query, types: readonly string[], where: Predicate, limit: number): Sql {
  const order = orderOf(query);
  const cap = capFor(scope, query);
  const arms = types.map((type) => {
    const keys = query.sort.map((sort, n) => sql`, ${sortKey(scope, type, sort, 'x0.seq')} AS k${raw(String(n))}`);
    const columns: Sql = {
      text: `x0.seq AS seq${keys.map((k) => k.text).join('')}`,
      values: keys.flatMap((k) => k.values),
    };
    const leading = lead(scope, type, where, cap);
    if (leading) {
      const tests = joined(
        leading.rest.map((part) => filter(scope, type, part, 'x0.seq')),
        'AND',
      );
      return sql`SELECT ${columns} FROM (SELECT DISTINCT seq FROM (${leading.select})) x0 WHERE ${tests}`;
    }
    return sql`SELECT ${columns} FROM recent x0 WHERE x0.type = ${typeNumber(scope, type) ?? -1} AND ${filter(scope, type, where, 'x0.seq')}`;
  });
  return sql`SELECT * FROM (${compound(arms, 'UNION ALL')}) WHERE ${beyond(order)} ORDER BY ${orderBy(order)} ${atMost(limit)}`;
}

/** The page of those with a value, and before or after it the one of those without. */
function withMissing(scope: Scope, query: Query, type: string, valued: Sql, limit: number): Phases {
  const [sort] = query.sort;
  if (!sort || requires(query.where, sort.param)) return [valued];
  const { backward, position } = orderOf(query);
  const missing: Predicate = {
    kind: 'missing',
    param: sort.param,
    of: sort.kind === 'id' || sort.kind === 'lastUpdated' ? 'date' : sort.kind,
    missing: true,
  };
  const without = sortedPage(scope, query, [type], and(query.where, missing), limit);
  const amongMissing = position !== undefined && position[0] === null;
  if (backward) return amongMissing ? [without, valued] : [valued];
  return amongMissing ? [without] : [valued, without];
}

/** The conjunction holds for no resource without a value of the parameter. */
const requires = (where: Predicate, param: string): boolean =>
  where.kind === 'and'
    ? where.of.some((part) => requires(part, param))
    : 'param' in where && where.param === param && where.kind !== 'missing';
