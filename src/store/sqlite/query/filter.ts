import type { Predicate, Range, ReferencePredicate, TokenPredicate } from '../../../search/query.ts';
import type { Sql } from '../connection.ts';
import { hashed } from '../hash.ts';
import { chainFilter, hasFilter } from './links.ts';
import { type Scope, setList, tooCostly } from './scope.ts';
import { isValue, source } from './source.ts';
import { compound, FALSE, joined, raw, sql, TRUE } from './sql.ts';

const MOST_ALTERNATIVES = 500;

/** The predicate as a condition on the resource of type `type` whose seq is the expression `at`. */
export function filter(scope: Scope, type: string, p: Predicate, at: string): Sql {
  switch (p.kind) {
    case 'all':
      return TRUE;
    case 'none':
      return FALSE;
    case 'and':
      return joined(
        p.of.map((part) => filter(scope, type, part, at)),
        'AND',
      );
    case 'or':
      return alternatives(scope, type, p.of, at);
    case 'not':
      return sql`NOT ${filter(scope, type, p.of, at)}`;
    case 'id':
      return sql`${raw(at)} IN (${idSet(scope, type, p.ids)})`;
    case 'lastUpdated':
      return sql`(SELECT ${updatedIn(p.range)} FROM version u WHERE u.seq = ${raw(at)})`;
    case 'missing': {
      const there = present(scope, type, p.param, p.of, at);
      return p.missing ? sql`NOT ${there}` : there;
    }
    case 'composite':
      return sql`EXISTS (${compound(
        p.components.map((component) => groups(scope, type, component, at)),
        'INTERSECT',
      )})`;
    case 'chain':
      return chainFilter(scope, type, p, at);
    case 'has':
      return hasFilter(scope, type, p, at);
    default: {
      const rows = source(scope, type, p);
      if (!rows) return FALSE;
      // The unary plus keeps the planner from leading with the set: who leads is decided in driver.ts.
      return rows.asSet ? sql`+${raw(at)} IN (${rows.select('seq')})` : sql`EXISTS (${rows.select('grp', at)})`;
    }
  }
}

/** Seqs of current resources by logical id. */
export const idSet = (scope: Scope, type: string, ids: readonly string[]): Sql =>
  sql`SELECT c.seq FROM json_each(${JSON.stringify(ids.map((id) => scope.hash(hashed.key(type, id))))}) i
      CROSS JOIN current c ON c.key = i.value WHERE c.deleted = 0`;

const updatedIn = (range: Range): Sql => {
  const both = (at: number | undefined, operator: string) =>
    at === undefined ? [] : [sql`u.at ${raw(operator)} ${at}`];
  const tests = [
    ...both(range.lowAtLeast, '>='),
    ...both(range.highAtLeast, '>='),
    ...both(range.lowAbove, '>'),
    ...both(range.highAbove, '>'),
    ...both(range.lowAtMost, '<='),
    ...both(range.highAtMost, '<='),
    ...both(range.lowBelow, '<'),
    ...both(range.highBelow, '<'),
  ];
  return joined(tests, 'AND');
};

/** The resource has a row of the parameter. Tokens and references are looked for in what its version keeps. */
function present(scope: Scope, type: string, param: string, of: string, at: string): Sql {
  const sets = setList(scope, type, param);
  if (!sets) return FALSE;
  const path = of === 'token' ? '$.t' : of === 'reference' ? '$.r' : undefined;
  if (path === undefined) return sql`EXISTS (SELECT 1 FROM ${raw(of)} WHERE seq = ${raw(at)} AND +param IN (${sets}))`;
  return sql`EXISTS (SELECT 1 FROM version v CROSS JOIN json_each(v.rows, ${path}) j WHERE v.seq = ${raw(at)} AND json_extract(j.value, '$[0]') IN (${sets}))`;
}

/** The groups of a composite in which a component holds. */
function groups(scope: Scope, type: string, p: Predicate, at: string): Sql {
  if (isValue(p)) return source(scope, type, p)?.select('grp', at) ?? sql`SELECT 0 WHERE 0`;
  if (p.kind === 'or' || p.kind === 'and') {
    const arms = p.of.map((part) => groups(scope, type, part, at));
    return arms.length === 0 ? sql`SELECT 0 WHERE 0` : compound(arms, p.kind === 'or' ? 'UNION' : 'INTERSECT');
  }
  return sql`SELECT 0 WHERE 0`;
}

/** Codes and references of one parameter become one list; what remains becomes ORs, so many and no more. */
function alternatives(scope: Scope, type: string, of: readonly Predicate[], at: string): Sql {
  const { lists, rest } = gathered(scope, type, of);
  if (rest.length > MOST_ALTERNATIVES) throw tooCostly('alternatives');
  const listed = lists.map((list) => sql`EXISTS (${list.select('grp', at)})`);
  return joined([...listed, ...rest.map((part) => filter(scope, type, part, at))], 'OR');
}

export interface CodeList {
  select(column: 'seq' | 'grp', at?: string): Sql;
}

/** Alternatives of one parameter and kind gathered into lists bound as one value. */
export function gathered(
  scope: Scope,
  type: string,
  of: readonly Predicate[],
): { lists: readonly CodeList[]; rest: readonly Predicate[] } {
  const lists = new Map<
    string,
    { param: string; table: 'token' | 'reference'; system: string | null | undefined; codes: number[] }
  >();
  const rest: Predicate[] = [];
  for (const p of of) {
    const code = codeOf(scope, p);
    if (!code) {
      rest.push(p);
      continue;
    }
    const place = `${code.p.kind}|${code.p.param}|${code.system === undefined ? 'any' : `=${code.system}`}`;
    const list = lists.get(place);
    if (list) list.codes.push(code.hash);
    else lists.set(place, { param: code.p.param, table: code.p.kind, system: code.system, codes: [code.hash] });
  }
  const made: CodeList[] = [];
  for (const { param, table, system, codes } of lists.values()) {
    const sets = setList(scope, type, param);
    if (!sets) continue;
    const column = table === 'token' ? 'code' : 'target';
    const stated = system === undefined ? sql`` : sql` AND system = ${system === null ? 0 : scope.hash.system(system)}`;
    const list = sql`SELECT value FROM json_each(${JSON.stringify(codes)})`;
    made.push({
      select: (wanted, at) =>
        sql`SELECT ${raw(wanted)} FROM ${raw(table)} WHERE param IN (${sets}) AND ${raw(column)} IN (${list})${stated}${at === undefined ? sql`` : sql` AND seq = ${raw(at)}`}`,
    });
  }
  return { lists: made, rest };
}

function codeOf(
  scope: Scope,
  p: Predicate,
): { p: TokenPredicate | ReferencePredicate; hash: number; system?: string | null } | undefined {
  if (p.kind === 'token' && p.match.by === 'code' && p.match.code !== undefined)
    return {
      p,
      hash: scope.hash.code(p.match.code),
      ...(p.match.system !== undefined && { system: p.match.system }),
    };
  if (
    p.kind === 'reference' &&
    p.target.by === 'local' &&
    p.target.type !== undefined &&
    p.target.version === undefined
  )
    return { p, hash: scope.hash(hashed.key(p.target.type, p.target.id)) };
  return undefined;
}
