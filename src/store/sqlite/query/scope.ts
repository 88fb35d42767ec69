import { Problem } from '../../../fhir/problem.ts';
import type { Predicate } from '../../../search/query.ts';
import { type Connection, integer, type Sql } from '../connection.ts';
import type { Hash } from '../hash.ts';
import type { NameTable } from '../name-table.ts';
import { atMost, raw, sql } from './sql.ts';

/** What compiling a predicate needs to know of the database. */
export interface Facts {
  readonly hash: Hash;
  readonly names: NameTable;
  readonly connection: Connection;
  /** True for guards, which run later in the writer: parameter sets are looked up then, not now. */
  readonly late: boolean;
}

/** Facts with the compiler itself (compiler.ts): a link compiles what holds at its other end. */
export interface Scope extends Facts {
  /** The predicate as a condition on the resource of `type` whose seq is the expression `at`. */
  filter(type: string, p: Predicate, at: string): Sql;
  /** All matches of a type as a SELECT of seqs without repetitions; `few` where they are known to be under the cap. */
  candidates(type: string, where: Predicate, cap: number): { readonly select: Sql; readonly few: boolean };
  /** An index gives fewer than `cap` rows that hold all matches. */
  leadsToFew(type: string, where: Predicate, cap: number): boolean;
}

/** The list for `param IN (…)`: the sets of the type that hold the parameter; undefined where there is none. */
export function setList(scope: Scope, type: string, param: string): Sql | undefined {
  if (scope.late) return sql`SELECT n FROM member WHERE type = ${type} AND param = ${param}`;
  const sets = scope.names.setsOf(type, param);
  return sets.length === 0 ? undefined : sql`${raw(sets.join(','))}`;
}

/** The type's number, or undefined where no resource of it was ever stored. */
export const typeNumber = (scope: Scope, type: string): number | undefined => scope.names.typeNumber(type);

/** How many rows the query gives, counted no further than `cap`. */
export function cappedCount(scope: Scope, select: Sql, cap: number): number {
  const { text, values } = sql`SELECT count(*) FROM (SELECT 1 FROM (${select}) ${atMost(cap)})`;
  return integer(scope.connection.get(text, values), 0);
}

/** Current resources of a type. */
export function sizeOf(scope: Scope, type: string): number {
  const number = typeNumber(scope, type);
  if (number === undefined) return 0;
  const row = scope.connection.get('SELECT n FROM counter WHERE type = ?', [number]);
  return row ? integer(row, 0) : 0;
}

/** More alternatives than one statement can hold. */
export const tooCostly = (what: string): Problem =>
  new Problem('too-costly', `the search has too many ${what}; send several smaller ones`);
