import type { Query, Sort } from '../../../search/query.ts';
import type { Sql, Value } from '../connection.ts';
import { type Scope, setList } from './scope.ts';
import { FALSE, joined, raw, sql, TRUE } from './sql.ts';

const NONE = sql`NULL`;

/** The value by which a resource is sorted: its lowest ascending, its highest descending; NULL where it has none. */
export function sortKey(scope: Scope, type: string, sort: Sort, at: string): Sql {
  const best = raw(sort.descending ? 'max' : 'min');
  if (sort.kind === 'id') return sql`(SELECT v.id FROM version v WHERE v.seq = ${raw(at)})`;
  // lastUpdated never goes back, so the order of commits is its order.
  if (sort.kind === 'lastUpdated') return sql`${raw(at)}`;
  const sets = setList(scope, type, sort.param);
  if (!sets) return NONE;
  const kept = (path: string, cell: string) =>
    sql`(SELECT ${best}(nullif(json_extract(j.value, ${cell}), '')) FROM version v CROSS JOIN json_each(v.rows, ${path}) j
        WHERE v.seq = ${raw(at)} AND json_extract(j.value, '$[0]') IN (${sets}))`;
  const column = (table: string, name: string) =>
    sql`(SELECT ${best}(${raw(name)}) FROM ${raw(table)} WHERE seq = ${raw(at)} AND +param IN (${sets}))`;
  switch (sort.kind) {
    case 'token':
      return kept('$.t', '$[4]');
    case 'reference':
      return kept('$.r', '$[3]');
    case 'string':
      return column('string', 'folded');
    case 'uri':
      return column('uri', 'value');
    case 'date':
      return column('date', sort.descending ? 'high' : 'low');
    case 'number':
      return column('number', 'value');
    case 'quantity':
      return column('quantity', 'CASE WHEN canonical = 0 THEN value ELSE canonical_value END');
    default:
      return sort.kind satisfies never;
  }
}

/** Sort keys are columns k0, k1, … and the newest comes first among equals. */
export interface Order {
  readonly descending: readonly boolean[];
  readonly backward: boolean;
  readonly position: readonly Value[] | undefined;
}

/** True where the order is that of commits: by lastUpdated alone, or nothing stated. */
export function recency(query: Query): { readonly descending: boolean } | undefined {
  const [first, ...others] = query.sort;
  if (!first) return { descending: true };
  return first.kind === 'lastUpdated' && others.length === 0 ? { descending: first.descending } : undefined;
}

export const orderOf = (query: Query): Order => ({
  descending: query.sort.map((s) => s.descending),
  backward: query.cursor?.direction === 'previous',
  position: query.cursor?.position,
});

/** ORDER BY of the columns, missing values last, reversed where going backward. */
export function orderBy(order: Order): Sql {
  const terms = order.descending.flatMap((descending, n) => {
    const missing = order.backward ? 'DESC' : 'ASC';
    return [`k${n} IS NULL ${missing}`, `k${n} ${descending === order.backward ? 'ASC' : 'DESC'}`];
  });
  return raw0([...terms, `seq ${order.backward ? 'ASC' : 'DESC'}`].join(', '));
}

const raw0 = (text: string): Sql => ({ text, values: [] });

/** What lies beyond the position: keyset paging, so that rows written meanwhile shift nothing. */
export function beyond(order: Order): Sql {
  const { position, backward, descending } = order;
  if (!position) return TRUE;
  const tests: Sql[] = [];
  const equal: Sql[] = [];
  for (const [n, down] of descending.entries()) {
    const key = raw(`k${n}`);
    const at = position[n] ?? null;
    const operator = raw(down === backward ? '>' : '<');
    const after =
      at === null
        ? backward
          ? sql`${key} IS NOT NULL`
          : FALSE
        : backward
          ? sql`${key} ${operator} ${at}`
          : sql`(${key} ${operator} ${at} OR ${key} IS NULL)`;
    tests.push(joined([...equal, after], 'AND'));
    equal.push(sql`${key} IS ${at}`);
  }
  const seq = position[descending.length] ?? 0;
  tests.push(joined([...equal, sql`seq ${raw(backward ? '>' : '<')} ${seq}`], 'AND'));
  return joined(tests, 'OR');
}
