import type { Predicate } from '../../../search/query.ts';
import type { Sql } from '../connection.ts';
import { type Scope, setList, typeNumber } from './scope.ts';
import { FALSE, raw, sql } from './sql.ts';

type Chain = Extract<Predicate, { kind: 'chain' }>;
type Has = Extract<Predicate, { kind: 'has' }>;

// Up to so many linked resources the link is followed from them to the page, above it from each candidate to them.
const FEW = 2000;

/** An alias one level below that of the seq expression `at`, so that correlated subqueries do not capture it. */
const below = (at: string): string => `x${Number(/^x(\d+)\./.exec(at)?.[1] ?? 0) + 1}`;

/** Seqs of resources that refer to a resource satisfying the chain's `where`. */
export function chainSet(
  scope: Scope,
  type: string,
  p: Chain,
): { readonly few: boolean; readonly select: Sql } | undefined {
  const sets = setList(scope, type, p.param);
  const target = typeNumber(scope, p.type);
  if (!sets || target === undefined) return undefined;
  const { few, select } = scope.candidates(p.type, p.where, FEW);
  return {
    few,
    select: sql`SELECT r.seq FROM (${select}) l CROSS JOIN version w ON w.seq = l.seq CROSS JOIN reference r ON r.param IN (${sets}) AND r.target = w.key`,
  };
}

export function chainFilter(scope: Scope, type: string, p: Chain, at: string): Sql {
  const set = chainSet(scope, type, p);
  const sets = setList(scope, type, p.param);
  const target = typeNumber(scope, p.type);
  if (!set || !sets || target === undefined) return FALSE;
  if (set.few) return sql`+${raw(at)} IN (${set.select})`;
  const x = below(at);
  return sql`EXISTS (SELECT 1 FROM version v CROSS JOIN json_each(v.rows, '$.r') j CROSS JOIN current c ON c.key = json_extract(j.value, '$[1]')
    CROSS JOIN version ${raw(x)} ON ${raw(x)}.seq = c.seq
    WHERE v.seq = ${raw(at)} AND json_extract(j.value, '$[0]') IN (${sets}) AND c.deleted = 0 AND ${raw(x)}.type = ${target}
      AND ${scope.filter(p.type, p.where, `${x}.seq`)})`;
}

/** Seqs of resources of `type` that resources satisfying `where` refer to; undefined where those are many or none. */
export function hasSet(scope: Scope, type: string, p: Has): Sql | undefined {
  const sets = setList(scope, p.source, p.param);
  const number = typeNumber(scope, type);
  if (!sets || number === undefined || typeNumber(scope, p.source) === undefined) return undefined;
  if (!scope.leadsToFew(p.source, p.where, FEW)) return undefined;
  const { select } = scope.candidates(p.source, p.where, FEW);
  return sql`SELECT DISTINCT c.seq FROM (${select}) l CROSS JOIN version v ON v.seq = l.seq CROSS JOIN json_each(v.rows, '$.r') j
    CROSS JOIN current c ON c.key = json_extract(j.value, '$[1]') CROSS JOIN version w ON w.seq = c.seq
    WHERE json_extract(j.value, '$[0]') IN (${sets}) AND c.deleted = 0 AND w.type = ${number}`;
}

export function hasFilter(scope: Scope, type: string, p: Has, at: string): Sql {
  const set = hasSet(scope, type, p);
  if (set) return sql`+${raw(at)} IN (${set})`;
  const sets = setList(scope, p.source, p.param);
  if (!sets) return FALSE;
  const x = below(at);
  return sql`EXISTS (SELECT 1 FROM version v CROSS JOIN reference ${raw(x)} ON ${raw(x)}.param IN (${sets}) AND ${raw(x)}.target = v.key
    WHERE v.seq = ${raw(at)} AND ${scope.filter(p.source, p.where, `${x}.seq`)})`;
}
