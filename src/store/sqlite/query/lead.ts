import type { Predicate, Range } from '../../../search/query.ts';
import { integer, type Sql } from '../connection.ts';
import { filter, gathered, idSet } from './filter.ts';
import { chainSet, hasSet } from './links.ts';
import { cappedCount, type Scope, typeNumber } from './scope.ts';
import { isValue, source } from './source.ts';
import { compound, joined, sql } from './sql.ts';

/** The index rows that lead a query: all matches are among them. */
export interface Lead {
  /** SELECT of seqs, maybe with repetitions. */
  readonly select: Sql;
  /** Fewer rows than the cap. */
  readonly few: boolean;
  readonly count: number;
  /** The index gives them newest first. */
  readonly ordered: boolean;
  /** The conjuncts that are still to be tested. */
  readonly rest: readonly Predicate[];
}

const conjuncts = (where: Predicate): readonly Predicate[] =>
  where.kind === 'and' ? where.of : where.kind === 'all' ? [] : [where];

interface Way {
  readonly select: Sql;
  readonly ordered: boolean;
}

/** How a predicate could lead, where an index gives its matches. */
function way(scope: Scope, type: string, p: Predicate): Way | undefined {
  if (isValue(p)) {
    const rows = source(scope, type, p);
    return rows?.leads ? { select: rows.select('seq'), ordered: rows.ordered } : undefined;
  }
  switch (p.kind) {
    case 'lastUpdated':
      return scope.late ? undefined : committedIn(scope, type, p.range);
    case 'id':
      return { select: idSet(scope, type, p.ids), ordered: false };
    case 'chain': {
      const set = chainSet(scope, type, p);
      return set?.few ? { select: set.select, ordered: false } : undefined;
    }
    case 'has': {
      const set = hasSet(scope, type, p);
      return set && { select: set, ordered: false };
    }
    case 'or': {
      const { lists, rest } = gathered(scope, type, p.of);
      const ways = rest.map((part) => way(scope, type, part));
      const arms = [...lists.map((list) => list.select('seq')), ...ways.flatMap((w) => (w ? [w.select] : []))];
      // SQLite joins at most 500 SELECTs.
      if (ways.some((w) => w === undefined) || arms.length === 0 || arms.length > 100) return undefined;
      return { select: compound(arms, 'UNION ALL'), ordered: false };
    }
    default:
      return undefined;
  }
}

/** lastUpdated rises with seq, so its bounds are bounds of seq. */
function committedIn(scope: Scope, type: string, range: Range): Way {
  const first = (operator: '>' | '>=', at: number | undefined): number | undefined => {
    if (at === undefined) return undefined;
    const row = scope.connection.get(`SELECT seq FROM tx WHERE at ${operator} ? ORDER BY at, tx LIMIT 1`, [at]);
    return row ? integer(row, 0) : Number.MAX_SAFE_INTEGER;
  };
  const from = [
    first('>=', range.lowAtLeast),
    first('>=', range.highAtLeast),
    first('>', range.lowAbove),
    first('>', range.highAbove),
  ];
  const upTo = [
    first('>', range.lowAtMost),
    first('>', range.highAtMost),
    first('>=', range.lowBelow),
    first('>=', range.highBelow),
  ];
  const select = sql`SELECT seq FROM recent WHERE type = ${typeNumber(scope, type) ?? -1}
    AND seq >= ${Math.max(0, ...from.map((seq) => seq ?? 0))} AND seq < ${Math.min(...upTo.map((seq) => seq ?? Number.MAX_SAFE_INTEGER))}`;
  return { select, ordered: true };
}

/**
 * Chooses the conjunct that leads by counting each one's rows no further than `cap` (DESIGN 4.4): the one with fewest,
 * or where all reach the cap one that comes newest first. Undefined where none can: the whole type must be walked.
 */
export function lead(scope: Scope, type: string, where: Predicate, cap: number): Lead | undefined {
  const parts = conjuncts(where);
  let best: (Way & { count: number; part: Predicate }) | undefined;
  for (const part of parts) {
    const found = way(scope, type, part);
    if (!found) continue;
    const count = cappedCount(scope, found.select, cap);
    if (!best || count < best.count || (count === best.count && found.ordered && !best.ordered))
      best = { ...found, count, part };
    if (best.count === 0) break;
  }
  if (!best) return undefined;
  const { part: leading, select, ordered, count } = best;
  return { select, ordered, count, few: count < cap, rest: parts.filter((part) => part !== leading) };
}

/** All matches of a type as a SELECT of seqs without repetitions; `few` where they are known to be under the cap. */
export function candidates(
  scope: Scope,
  type: string,
  where: Predicate,
  cap: number,
): { readonly select: Sql; readonly few: boolean } {
  const leading = lead(scope, type, where, cap);
  if (leading) {
    const tests = joined(
      leading.rest.map((part) => filter(scope, type, part, 'x0.seq')),
      'AND',
    );
    return { select: sql`SELECT DISTINCT x0.seq AS seq FROM (${leading.select}) x0 WHERE ${tests}`, few: leading.few };
  }
  const number = typeNumber(scope, type);
  const select = sql`SELECT x0.seq AS seq FROM recent x0 WHERE x0.type = ${number ?? -1} AND ${filter(scope, type, where, 'x0.seq')}`;
  // Without a filter there is nothing to be learned by counting more than one page.
  return {
    select,
    few: number === undefined || cappedCount(scope, sql`SELECT seq FROM recent WHERE type = ${number}`, cap) < cap,
  };
}
