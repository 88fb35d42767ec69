import { and, type Predicate, type Query, type Range } from '../../../search/query.ts';
import type { Sql } from '../connection.ts';
import { hashed } from '../hash.ts';
import { ANY_CODE, MANY, namedBit, timelineDate } from '../timeline.ts';
import { filter } from './filter.ts';
import { orderOf } from './order.ts';
import { inRange } from './source.ts';
import { type Scope, typeNumber } from './scope.ts';
import { atMost, joined, raw, sql } from './sql.ts';

/**
 * The page of one patient's dated resources, latest first, along the compound path patient, type, code, date: it reads
 * about as many rows as the page has. Undefined where the query does not go that way.
 */
export function timelinePage(scope: Scope, query: Query, type: string, limit: number): Sql | undefined {
  const [sort, ...others] = query.sort;
  const date = timelineDate(type);
  const number = typeNumber(scope, type);
  if (sort?.kind !== 'date' || !sort.descending || sort.param !== date || others.length > 0 || number === undefined)
    return undefined;
  const parts = query.where.kind === 'and' ? query.where.of : [query.where];
  const patient = parts.find(isPatient);
  if (!patient) return undefined;
  const code = parts.find(
    (p) => p.kind === 'token' && p.param === 'code' && p.match.by === 'code' && p.match.code !== undefined,
  );
  const dates = parts.flatMap((p) => datesOf(p, date) ?? []);
  const named = namedBit(patient.param) ?? 0;
  const covered = new Set<Predicate>([...dates.map(({ p }) => p), patient, ...(code ? [code] : [])]);

  const { backward, position } = orderOf(query);
  const tests: Sql[] = [];
  if (position) {
    const [high = null, seq = 0] = position;
    // From among those without a date back to the last that has one: the whole path is before the position.
    if (high !== null)
      tests.push(backward ? sql`(x0.high, x0.seq) > (${high}, ${seq})` : sql`(x0.high, x0.seq) < (${high}, ${seq})`);
  }
  const least = Math.max(...dates.map(({ ranges }) => Math.min(...ranges.map(lowest))));
  if (least > Number.NEGATIVE_INFINITY) tests.push(sql`x0.high >= ${least}`);
  // What nearly every row knows by itself; the others are looked up. `patient` and `subject` share the path and may differ.
  const own = dates.flatMap(({ ranges }) =>
    ranges.length === 1 && ranges.every(isOnlyHigh) ? [] : [joined(ranges.map(ownTest), 'OR')],
  );
  const known = sql`x0.facts & ${raw(String(MANY | named))} = ${raw(String(named))}${systemTest(scope, code)}`;
  const looked = filter(scope, type, and(...covered), 'x0.seq');
  tests.push(sql`CASE WHEN ${known} THEN ${joined(own, 'AND')} ELSE ${looked} END`);
  const rest = parts.filter((p) => !covered.has(p));
  if (rest.length > 0) tests.push(filter(scope, type, and(...rest), 'x0.seq'));
  const codeHash =
    code?.kind === 'token' && code.match.by === 'code' && code.match.code !== undefined
      ? scope.hash.code(code.match.code)
      : ANY_CODE;
  const order = raw(backward ? 'ASC' : 'DESC');
  return sql`SELECT x0.seq AS seq, x0.high AS k0 FROM timeline x0
    WHERE x0.patient = ${scope.hash(hashed.key('Patient', patient.target.id))} AND x0.type = ${number} AND x0.code = ${codeHash} AND ${joined(tests, 'AND')}
    ORDER BY x0.high ${order}, x0.seq ${order} ${atMost(limit)}`;
}

/** A test of the date, or alternatives that all are: `ge2026` is two. */
function datesOf(
  p: Predicate,
  param: string,
): { readonly p: Predicate; readonly ranges: readonly Range[] } | undefined {
  const arms = p.kind === 'or' ? p.of : [p];
  const ranges = arms.flatMap((arm) => (arm.kind === 'date' && arm.param === param ? [arm.range] : []));
  return ranges.length > 0 && ranges.length === arms.length ? { p, ranges } : undefined;
}

/** No row whose high is below can be in the range. */
const lowest = ({ highAtLeast, highAbove, lowAtLeast, lowAbove }: Range): number =>
  Math.max(...[highAtLeast, highAbove, lowAtLeast, lowAbove].map((n) => n ?? Number.NEGATIVE_INFINITY));

interface OfPatient {
  readonly kind: 'reference';
  readonly param: string;
  readonly target: { readonly by: 'local'; readonly type?: string; readonly id: string };
}
const isPatient = (p: Predicate): p is Predicate & OfPatient =>
  p.kind === 'reference' &&
  namedBit(p.param) !== undefined &&
  p.target.by === 'local' &&
  p.target.type === 'Patient' &&
  p.target.version === undefined;

/** The row's system is the one asked for. */
function systemTest(scope: Scope, code: Predicate | undefined): Sql {
  if (code?.kind !== 'token' || code.match.by !== 'code' || code.match.system === undefined) return sql``;
  const { system } = code.match;
  return sql` AND x0.system = ${system === null ? 0 : scope.hash.system(system)}`;
}

/** The range asks no more than that `high` is not below a bound: the path begins there. */
const isOnlyHigh = ({ highAtLeast, ...others }: Range): boolean =>
  highAtLeast !== undefined && Object.values(others).every((bound) => bound === undefined);

const ownTest = (range: Range): Sql => {
  const { text, values } = inRange(range);
  return { text: text.replaceAll(/\b(low|high)\b/g, 'x0.$1'), values };
};
