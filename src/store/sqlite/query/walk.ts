import type { Query } from '../../../search/query.ts';
import type { Sql } from '../connection.ts';
import { filter } from './filter.ts';
import { beyond, orderBy, orderOf } from './order.ts';
import type { Scope } from './scope.ts';
import { compound, raw, sql } from './sql.ts';

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
  const arms = sets.map(
    (set) => sql`SELECT DISTINCT x0.seq AS seq, x0.${column} AS k0 FROM ${table} x0 WHERE x0.param = ${set} AND ${enter}
      AND NOT EXISTS (SELECT 1 FROM ${table} o WHERE o.seq = x0.seq AND +o.param IN (${raw(sets.join(','))}) AND +o.${column} ${better} x0.${column})
      AND ${renamed(beyond(position), way.column)} AND ${filter(scope, type, query.where, 'x0.seq')}
      ORDER BY x0.${column} ${down}, x0.seq ${seqDown} LIMIT ${limit}`,
  );
  return sql`SELECT * FROM (${compound(arms, 'UNION')}) ORDER BY ${orderBy(order)} LIMIT ${limit}`;
}

/** The keyset test on the table's own columns: an alias would keep it out of the index. */
const renamed = (test: Sql, column: string): Sql => ({
  text: test.text.replaceAll(/\bk0\b/g, `x0.${column}`).replaceAll(/(?<!\.)\bseq\b/g, 'x0.seq'),
  values: test.values,
});
