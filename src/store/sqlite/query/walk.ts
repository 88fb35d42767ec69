import type { Predicate, Query } from '../../../search/query.ts';
import type { Sql } from '../connection.ts';
import { filter } from './filter.ts';
import { beyond, orderBy, orderOf } from './order.ts';
import type { Scope } from './scope.ts';
import { atMost, compound, raw, sql } from './sql.ts';

/** Tables whose index goes by the sort key: kind, descending or not → column. */
const COLUMNS: Readonly<Record<string, { readonly table: string; readonly column: string }>> = {
  'date down': { table: 'date', column: 'high' },
  'number down': { table: 'number', column: 'value' },
  'number up': { table: 'number', column: 'value' },
  'string down': { table: 'string', column: 'folded' },
  'string up': { table: 'string', column: 'folded' },
  'uri down': { table: 'uri', column: 'value' },
  'uri up': { table: 'uri', column: 'value' },
};

/**
 * Nearly every date is the only one of its resource and an interval of a second or, where no time is stated, of a day:
 * its high is near its low. Where a search bounds the low, the index by high is entered so far above; the longer ones in
 * the days above are read from date_wide, and those longer still, or not alone, from date_far (schema.ts).
 */
const SECOND = 1000;
const NEAR = 172_800_000;

/** No date that satisfies the predicate begins later; undefined where it does not bound that. */
function latestLow(where: Predicate, param: string): number | undefined {
  switch (where.kind) {
    case 'date': {
      const { lowAtMost, lowBelow, highAtMost, highBelow } = where.range;
      const most = Math.min(...[lowAtMost, lowBelow, highAtMost, highBelow].map((n) => n ?? Number.POSITIVE_INFINITY));
      return where.param === param && most < Number.POSITIVE_INFINITY ? most : undefined;
    }
    case 'and': {
      const bounds = where.of.flatMap((part) => latestLow(part, param) ?? []);
      return bounds.length === 0 ? undefined : Math.min(...bounds);
    }
    case 'or': {
      const bounds = where.of.map((part) => latestLow(part, param));
      return bounds.length === 0 || bounds.includes(undefined) ? undefined : Math.max(...bounds.map((n) => n ?? 0));
    }
    default:
      return undefined;
  }
}

/**
 * The page of resources that have a value, read in the order of the sort's index and tested one by one: right where
 * many match, since it stops when the page is full. Undefined where no index goes by the sort.
 */
export function walk(scope: Scope, query: Query, type: string, limit: number): Sql | undefined {
  const [sort, ...others] = query.sort;
  if (!sort || others.length > 0) return undefined;
  const way = COLUMNS[`${sort.kind} ${sort.descending ? 'down' : 'up'}`];
  const sets = scope.names.setsOf(type, sort.param);
  if (!way || sets.length === 0) return undefined;
  const order = orderOf(query);
  const better = raw(sort.descending ? '>' : '<');
  const column = raw(way.column);
  const table = raw(way.table);
  const down = raw(sort.descending !== order.backward ? 'DESC' : 'ASC');
  const seqDown = raw(order.backward ? 'ASC' : 'DESC');
  const at = order.position?.[0];
  // The index is entered at the position; which of equal keys were seen is for the keyset test.
  const enter =
    at === undefined || at === null
      ? sql`1`
      : sql`x0.${column} ${raw(sort.descending !== order.backward ? '<=' : '>=')} ${at}`;
  const position = at === null ? { ...order, position: undefined } : order;
  const arm = (
    set: number,
    from: Sql,
    bound: Sql,
  ): Sql => sql`SELECT DISTINCT x0.seq AS seq, x0.${column} AS k0 FROM ${from} WHERE x0.param = ${set} AND ${enter} AND ${bound}
      AND NOT EXISTS (SELECT 1 FROM ${table} o WHERE o.seq = x0.seq AND +o.param IN (${raw(sets.join(','))}) AND +o.${column} ${better} x0.${column})
      AND ${renamed(beyond(position), way.column)} AND ${filter(scope, type, query.where, 'x0.seq')}
      ORDER BY x0.${column} ${down}, x0.seq ${seqDown} ${atMost(limit)}`;
  const all = sql`${table} x0`;
  const latest = sort.kind === 'date' ? latestLow(query.where, sort.param) : undefined;
  const arms =
    latest === undefined
      ? sets.map((set) => arm(set, all, sql`1`))
      : sets.flatMap((set) => [
          arm(set, all, sql`x0.high <= ${latest + SECOND}`),
          arm(
            set,
            sql`date x0 INDEXED BY date_wide`,
            sql`x0.high > ${latest + SECOND} AND x0.high <= ${latest + NEAR} AND x0.n = 0
              AND x0.high - x0.low > ${raw(String(SECOND))} AND x0.high - x0.low <= ${raw(String(NEAR))}`,
          ),
          arm(
            set,
            sql`date x0 INDEXED BY date_far`,
            sql`x0.high > ${latest + SECOND} AND (x0.high - x0.low > ${raw(String(NEAR))} OR x0.n > 0)`,
          ),
        ]);
  return sql`SELECT * FROM (${compound(arms, 'UNION')}) ORDER BY ${orderBy(order)} ${atMost(limit)}`;
}

/** The keyset test on the table's own columns: an alias would keep it out of the index. */
const renamed = (test: Sql, column: string): Sql => ({
  text: test.text.replaceAll(/\bk0\b/g, `x0.${column}`).replaceAll(/(?<!\.)\bseq\b/g, 'x0.seq'),
  values: test.values,
});
