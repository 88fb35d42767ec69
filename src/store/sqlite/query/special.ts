import type { FulltextPredicate, NearPredicate } from '../../../search/query.ts';
import type { Sql } from '../connection.ts';
import { phraseOf, wordHash } from '../texts.ts';
import { type Scope, setList } from './scope.ts';
import type { Source } from './source.ts';
import { joined, raw, sql } from './sql.ts';

/** Versions that say the phrase: from its first word to the texts, from these to versions, or the other way round. */
export function fulltextSource(scope: Scope, type: string, { param, phrase }: FulltextPredicate): Source {
  const words = phrase.map((word) => wordHash(type, param, word, scope.hash));
  const [first = 0] = words;
  const text =
    words.length < 2 ? sql`` : sql` CROSS JOIN text t ON t.doc = w.doc AND instr(t.sequence, ${phraseOf(words)}) > 0`;
  return {
    select: (column, at) =>
      at === undefined
        ? sql`SELECT s.seq FROM word w${text} CROSS JOIN said s ON s.doc = w.doc WHERE w.word = ${first}`
        : sql`SELECT ${raw(column === 'seq' ? 'v.seq' : '0')} FROM version v CROSS JOIN json_each(v.rows, '$.x') j
            CROSS JOIN word w ON w.word = ${first} AND w.doc = j.value${text} WHERE v.seq = ${raw(at)}`,
    ordered: false,
    leads: true,
    asSet: false,
  };
}

/** Positions within the chord: found by the x of those that can be, tested by all three. */
export function nearSource(scope: Scope, type: string, { param, center, chord }: NearPredicate): Source | undefined {
  const [x, y, z] = [0, 1, 2].map((n) => setList(scope, type, `${param}$${n}`));
  if (!x || !y || !z) return undefined;
  const [cx, cy, cz] = center;
  const square = (alias: string, from: number): Sql =>
    sql`(${raw(alias)}.value - ${from}) * (${raw(alias)}.value - ${from})`;
  const tests = (at: Sql, by: string): Sql =>
    joined(
      [
        at,
        sql`${raw(by)}a.param IN (${x})`,
        sql`a.value BETWEEN ${cx - chord} AND ${cx + chord}`,
        sql`+b.param IN (${y}) AND +c.param IN (${z})`,
        sql`${square('a', cx)} + ${square('b', cy)} + ${square('c', cz)} <= ${chord * chord}`,
      ],
      'AND',
    );
  const from = sql`FROM number a CROSS JOIN number b ON b.seq = a.seq CROSS JOIN number c ON c.seq = a.seq`;
  return {
    select: (column, at) =>
      at === undefined
        ? sql`SELECT a.seq ${from} WHERE ${tests(sql`1`, '')}`
        : sql`SELECT ${raw(column === 'seq' ? 'a.seq' : 'a.grp')} ${from} WHERE ${tests(sql`a.seq = ${raw(at)}`, '+')}`,
    ordered: false,
    leads: true,
    asSet: false,
  };
}
