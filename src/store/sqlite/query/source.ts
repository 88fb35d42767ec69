import type {
  DatePredicate,
  FulltextPredicate,
  NearPredicate,
  NumberPredicate,
  Predicate,
  QuantityPredicate,
  Range,
  ReferencePredicate,
  StringPredicate,
  TokenPredicate,
  UriPredicate,
  ValueRange,
} from '../../../search/query.ts';
import { fold } from '../../../search/fold.ts';
import type { Sql } from '../connection.ts';
import { hashed } from '../hash.ts';
import { type Scope, setList } from './scope.ts';
import { fulltextSource, nearSource } from './special.ts';
import { joined, raw, sql } from './sql.ts';

export type ValuePredicate =
  | TokenPredicate
  | StringPredicate
  | DatePredicate
  | NumberPredicate
  | QuantityPredicate
  | ReferencePredicate
  | UriPredicate
  | FulltextPredicate
  | NearPredicate;

/** The index rows that satisfy a predicate on one parameter. */
export interface Source {
  /** SELECT of one column of these rows; with `at`, of the resource of that seq alone. */
  select(column: 'seq' | 'grp', at?: string): Sql;
  /** All rows are found by one seek, descending by seq when read backwards. */
  readonly ordered: boolean;
  /** Found by a seek or a narrow range, so that it may lead a query. */
  readonly leads: boolean;
  /** Testing one resource at a time is dear: make the set once. */
  readonly asSet: boolean;
}

const VALUES: ReadonlySet<string> = new Set('token string date number quantity reference uri fulltext near'.split(' '));
export const isValue = (p: Predicate): p is ValuePredicate => VALUES.has(p.kind);

/** The rows of a predicate; undefined where no resource of the type has the parameter. */
export function source(scope: Scope, type: string, p: ValuePredicate): Source | undefined {
  if (p.kind === 'fulltext') return fulltextSource(scope, type, p);
  if (p.kind === 'near') return nearSource(scope, type, p);
  const param = p.kind === 'token' && p.match.by === 'of-type' ? `${p.param}:of-type` : p.param;
  const sets = setList(
    scope,
    type,
    p.kind === 'reference' && p.target.by === 'identifier' ? `${param}:identifier` : param,
  );
  if (!sets) return undefined;
  const single = !scope.late && !sets.text.includes(',');
  const table = (
    name: string,
    where: Sql,
    facts: { ordered?: boolean; byValue?: boolean; leads: boolean },
  ): Source => ({
    select: (column, at) =>
      at === undefined
        ? sql`SELECT ${raw(column)} FROM ${raw(name)} WHERE param IN (${sets}) AND ${where}`
        : // Token and reference rows go by value, the others by seq; the plus keeps those from their other index.
          sql`SELECT ${raw(column)} FROM ${raw(name)} WHERE ${raw(facts.byValue ? '' : '+')}param IN (${sets}) AND ${where} AND seq = ${raw(at)}`,
    ordered: single && (facts.ordered ?? false),
    leads: facts.leads,
    asSet: false,
  });
  const tokens = (code: number | undefined, system: string | null | undefined): Source => {
    const systemHash = system === undefined ? undefined : system === null ? 0 : scope.hash.system(system);
    if (code === undefined) return systemOnly(sets, systemHash ?? 0);
    const where = systemHash === undefined ? sql`code = ${code}` : sql`code = ${code} AND system = ${systemHash}`;
    return table('token', where, { ordered: true, byValue: true, leads: true });
  };
  switch (p.kind) {
    case 'token': {
      const { match } = p;
      if (match.by === 'text') return tokenText(sets, match.folded);
      if (match.by === 'of-type') return tokens(scope.hash(hashed.ofType(match.code, match.value)), match.system);
      return tokens(match.code === undefined ? undefined : scope.hash.code(match.code), match.system);
    }
    case 'reference': {
      const { target } = p;
      if (target.by === 'identifier')
        return tokens(target.value === undefined ? undefined : scope.hash.code(target.value), target.system);
      if (target.by === 'type') return keptReferences(sets, target.type);
      if (target.by === 'url')
        return table('reference', sql`target = ${scope.hash(hashed.url(target.url))}`, {
          ordered: true,
          byValue: true,
          leads: true,
        });
      const types = target.type !== undefined ? [target.type] : (target.types ?? scope.names.types());
      // One is bound, so that the statement serves every target.
      const [first = 0, ...others] = types.map((t) => scope.hash(hashed.key(t, target.id)));
      const targets = others.length === 0 ? sql`${first}` : raw([first, ...others].join(','));
      const version = target.version === undefined ? sql`` : sql` AND version = ${target.version}`;
      return table('reference', sql`target IN (${targets})${version}`, {
        ordered: types.length === 1,
        byValue: true,
        leads: true,
      });
    }
    case 'string': {
      if (p.match === 'exact')
        return table('string', sql`folded = ${fold(p.value)} AND exact = ${p.value}`, { leads: true });
      if (p.match === 'equals') return table('string', sql`folded = ${p.value}`, { leads: true });
      if (p.match === 'ends')
        return table('string', sql`substr(folded, ${-p.value.length}) = ${p.value}`, { leads: false });
      if (p.match === 'contains') return table('string', sql`instr(folded, ${p.value}) > 0`, { leads: false });
      return table('string', startsWith('folded', p.value), { leads: p.value !== '' });
    }
    case 'uri': {
      if (p.match === 'exact') return table('uri', sql`value = ${p.value}`, { leads: true });
      if (p.match === 'below') return table('uri', startsWith('value', p.value), { leads: true });
      const prefixes = Array.from(p.value, (_, i) => p.value.slice(0, i + 1));
      return table('uri', sql`value IN (SELECT value FROM json_each(${JSON.stringify(prefixes)}))`, { leads: true });
    }
    case 'date':
      return table('date', inRange(p.range), { leads: highBound(p.range) });
    case 'number':
      return table(
        'number',
        joined([inRange(p.range ?? {}), ...inValue(p.value ?? {}), ...valueBounds(p.range ?? {})], 'AND'),
        { leads: true },
      );
    case 'quantity':
      return quantities(scope, p, table);
    default:
      return p satisfies never;
  }
}

/** `system|`: no index leads by system, so one resource is tested through the rows kept with it. */
const systemOnly = (sets: Sql, system: number): Source => ({
  select: (column, at) =>
    at === undefined
      ? sql`SELECT ${raw(column)} FROM token WHERE param IN (${sets}) AND system = ${system}`
      : sql`SELECT ${column === 'seq' ? raw('v.seq') : raw(`json_extract(j.value, '$[3]')`)} FROM version v CROSS JOIN json_each(v.rows, '$.t') j
            WHERE v.seq = ${raw(at)} AND json_extract(j.value, '$[0]') IN (${sets}) AND json_extract(j.value, '$[2]') = ${system}`,
  ordered: false,
  leads: false,
  asSet: false,
});

const keptReferences = (sets: Sql, type: string): Source => ({
  select: (column, at) =>
    sql`SELECT ${column === 'seq' ? raw('v.seq') : raw(`json_extract(j.value, '$[2]')`)} FROM version v CROSS JOIN json_each(v.rows, '$.r') j
        WHERE ${at === undefined ? sql`v.rows IS NOT NULL` : sql`v.seq = ${raw(at)}`}
          AND json_extract(j.value, '$[0]') IN (${sets}) AND instr(json_extract(j.value, '$[3]'), ${`${type}/`}) = 1`,
  ordered: false,
  leads: false,
  asSet: false,
});

const tokenText = (sets: Sql, folded: string): Source => ({
  select: (column, at) =>
    sql`SELECT t.${raw(column)} FROM display d CROSS JOIN token t WHERE instr(d.folded, ${folded}) = 1
        AND t.param IN (${sets}) AND t.code = d.code AND t.text = d.text${at === undefined ? sql`` : sql` AND t.seq = ${raw(at)}`}`,
  ordered: false,
  leads: true,
  asSet: true,
});

type MakeTable = (name: string, where: Sql, facts: { leads: boolean }) => Source;

function quantities(scope: Scope, p: QuantityPredicate, table: MakeTable): Source {
  const { unit, range = {}, value = {} } = p;
  if (unit?.by === 'canonical') {
    const canonical = sql`canonical = ${scope.hash.code(unit.unit)} AND canonical <> 0`;
    const tests = [
      canonical,
      inRange(range, 'canonical_'),
      ...inValue(value, 'canonical_value'),
      ...valueBounds(range, 'canonical_value'),
    ];
    return table('quantity', joined(tests, 'AND'), { leads: true });
  }
  const tests = [inRange(range), ...inValue(value), ...valueBounds(range)];
  if (unit?.by === 'coded') tests.push(sql`coded = ${scope.hash(hashed.coded(unit.system, unit.code))}`);
  if (unit?.by === 'system') tests.push(sql`system = ${scope.hash.system(unit.system)}`);
  if (unit?.by === 'any-system') {
    const code = scope.hash.code(unit.code);
    tests.push(sql`(code = ${code} OR unit = ${code})`);
  }
  // Values of different units do not compare, so no index goes by them: the search is led by something else.
  return table('quantity', joined(tests, 'AND'), { leads: false });
}

/** Text that starts so: a range in the index. U+10FFFF sorts after everything that may follow. */
const startsWith = (column: string, value: string): Sql =>
  sql`${raw(column)} >= ${value} AND ${raw(column)} < ${`${value}\u{10FFFF}`}`;

const BOUNDS = [
  ['lowAtLeast', 'low', '>='],
  ['lowAbove', 'low', '>'],
  ['lowAtMost', 'low', '<='],
  ['lowBelow', 'low', '<'],
  ['highAtLeast', 'high', '>='],
  ['highAbove', 'high', '>'],
  ['highAtMost', 'high', '<='],
  ['highBelow', 'high', '<'],
] as const;

/** The range's tests of the columns low and high. */
export function inRange(range: Range, prefix = ''): Sql {
  const tests: Sql[] = [];
  for (const [bound, column, operator] of BOUNDS) {
    const limit = range[bound];
    if (limit !== undefined) tests.push(sql`${raw(prefix + column)} ${raw(operator)} ${limit}`);
  }
  // Since low <= high, what holds low up holds high up too, and the index goes by high.
  const least = range.lowAtLeast ?? range.lowAbove;
  if (least !== undefined && prefix === '') tests.push(sql`high >= ${least}`);
  return joined(tests, 'AND');
}

const highBound = (range: Range): boolean =>
  range.lowAtLeast !== undefined ||
  range.lowAbove !== undefined ||
  range.highAtLeast !== undefined ||
  range.highAbove !== undefined ||
  range.highAtMost !== undefined ||
  range.highBelow !== undefined;

function inValue(range: ValueRange, column = 'value'): Sql[] {
  const tests: Sql[] = [];
  if (range.above !== undefined) tests.push(sql`${raw(column)} > ${range.above}`);
  if (range.atLeast !== undefined) tests.push(sql`${raw(column)} >= ${range.atLeast}`);
  if (range.below !== undefined) tests.push(sql`${raw(column)} < ${range.below}`);
  if (range.atMost !== undefined) tests.push(sql`${raw(column)} <= ${range.atMost}`);
  return tests;
}

/** Since low <= value <= high, bounds on the ends bound the value, and the index goes by value. */
const valueBounds = (range: Range, column = 'value'): Sql[] => {
  const least = range.lowAtLeast ?? range.lowAbove;
  const most = range.highAtMost ?? range.highBelow;
  return inValue(
    { ...(least !== undefined && { atLeast: least }), ...(most !== undefined && { atMost: most }) },
    column,
  );
};
