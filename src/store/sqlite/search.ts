import type { ResourceKey } from '../../fhir/ids.ts';
import type { Predicate, Query } from '../../search/query.ts';
import type { SearchPage } from '../store.ts';
import { integer, type Row, string, type Value } from './connection.ts';
import { type Hash, hashed } from './hash.ts';
import { compiler } from './query/compiler.ts';
import { count } from './query/count.ts';
import { page } from './query/page.ts';
import type { Scope } from './query/scope.ts';
import { type Opening, versionsAt } from './stored-version.ts';

interface Parts extends Opening {
  readonly hash: Hash;
}

const scopeOf = ({ hash, names, connection }: Parts): Scope => compiler({ hash, names, connection, late: false });

const freshScope = (parts: Parts): Scope => {
  parts.names.refresh();
  return scopeOf(parts);
};

/** A phase, with the highest number of a name: another process may have given some that the phase does not know. */
const statement = (phase: string): string => `SELECT p.*, (SELECT max(n) FROM name) FROM (${phase}) p`;

/** The rows of the page: seq, sort keys. Read again where names had been missing. */
function rowsOf(parts: Parts, query: Query): readonly Row[] {
  for (;;) {
    const rows: Row[] = [];
    for (const phase of page(scopeOf(parts), query)) {
      for (const row of parts.connection.all(statement(phase.text), phase.values)) rows.push(row);
      if (rows.length > query.count) break;
    }
    const highest = rows.at(-1)?.at(-1);
    if (!parts.names.refresh(typeof highest === 'number' ? highest : undefined)) return rows;
  }
}

/** One page of matches with the positions beside it. */
export async function search(parts: Parts, query: Query): Promise<SearchPage> {
  const total = query.total === 'none' ? undefined : count(freshScope(parts), query.types, query.where);
  const counted = total === undefined ? {} : { total };
  if (query.count === 0) return { matches: [], ...counted };
  const rows = rowsOf(parts, query);
  const more = rows.length > query.count;
  const shown = rows.slice(0, query.count);
  const backward = query.cursor?.direction === 'previous';
  if (backward) shown.reverse();
  const seqs = shown.map((row) => integer(row, 0));
  const matches = versionsAt(parts, seqs);
  const first = shown[0];
  const last = shown.at(-1);
  const hasNext = backward || more;
  const hasPrevious = backward ? more : query.cursor !== undefined;
  return {
    matches,
    ...counted,
    ...(hasNext && last && { next: position(query, last) }),
    ...(hasPrevious && first && { previous: position(query, first) }),
  };
}

/** Sort keys, then seq; rows have the seq first. */
const position = (query: Query, row: Row): (string | number | null)[] => {
  const plain = (value: Value | undefined): string | number | null =>
    typeof value === 'string' || typeof value === 'number' ? value : null;
  return [...query.sort.map((_, n) => plain(row[1 + n])), integer(row, 0)];
};

export const countMatches = (parts: Parts, types: readonly string[], where: Predicate): number =>
  count(freshScope(parts), types, where);

/** SQLite's own account of each statement of the page. */
export function explain(parts: Parts, query: Query): unknown {
  return page(freshScope(parts), query).map(({ text, values }) => ({
    sql: text.replaceAll(/\s+/g, ' '),
    plan: parts.connection.all(`EXPLAIN QUERY PLAN ${statement(text)}`, values).map((row) => string(row, 3)),
  }));
}

/** Local references of one parameter, from what current versions keep. */
export function targets(parts: Parts, sources: readonly ResourceKey[], param: string): ResourceKey[] {
  const scope = freshScope(parts);
  const sets = [...new Set(sources.map((s) => s.type))].flatMap((type) => scope.names.setsOf(type, param));
  if (sets.length === 0) return [];
  const keys = JSON.stringify(sources.map((s) => parts.hash(hashed.key(s.type, s.id))));
  const rows = parts.connection.all(
    `SELECT DISTINCT json_extract(j.value, '$[3]') FROM json_each(?) k CROSS JOIN current c ON c.key = k.value
     CROSS JOIN version v ON v.seq = c.seq CROSS JOIN json_each(v.rows, '$.r') j
     WHERE c.deleted = 0 AND json_extract(j.value, '$[0]') IN (${sets.join(',')}) AND json_extract(j.value, '$[3]') <> ''`,
    [keys],
  );
  return rows.map((row) => {
    const [type = '', id = ''] = string(row, 0).split('/');
    return { type, id };
  });
}
