import { Problem } from '../../fhir/problem.ts';
import type { HistoryPage, HistoryQuery, StoredVersion } from '../store.ts';
import { type Connection, integer, type Value } from './connection.ts';
import { type Hash, hashed } from './hash.ts';
import { type Opening, versionsAt } from './stored-version.ts';

interface Parts extends Opening {
  readonly hash: Hash;
}

/** The seq of the first version made at or after the instant; above all where there is none. */
function firstSince(connection: Connection, since: number): number {
  const row = connection.get('SELECT seq FROM tx WHERE at >= ? ORDER BY at, tx LIMIT 1', [since]);
  return row ? integer(row, 0) : Number.MAX_SAFE_INTEGER;
}

/** The levels differ in where their versions are listed; all go down by seq. */
function levelOf(
  parts: Parts,
  query: HistoryQuery,
): { readonly from: string; readonly values: readonly Value[] } | undefined {
  const { type, id } = query;
  if (type === undefined) return { from: 'SELECT seq FROM version WHERE seq < ? AND seq >= ?', values: [] };
  if (id !== undefined) {
    const key = parts.hash(hashed.key(type, id));
    const from = `SELECT seq FROM (SELECT key, seq FROM superseded WHERE key = ? UNION ALL SELECT key, seq FROM current WHERE key = ?) WHERE seq < ? AND seq >= ?`;
    return { from, values: [key, key] };
  }
  const number = parts.names.typeNumber(type);
  if (number === undefined) return undefined;
  const arm = (table: string) => `SELECT seq FROM ${table} WHERE type = ${number} AND seq < ? AND seq >= ?`;
  return { from: `${arm('recent')} UNION ALL ${arm('past')}`, values: [] };
}

/** Versions newest first at the level asked. */
export async function history(parts: Parts, query: HistoryQuery): Promise<HistoryPage> {
  parts.names.refresh();
  const level = levelOf(parts, query);
  if (!level) return { versions: [] };
  const before = query.after === undefined ? Number.MAX_SAFE_INTEGER : Number(query.after);
  if (!Number.isSafeInteger(before)) throw new Problem('invalid', `${query.after} is no position in a history`);
  const since = query.since === undefined ? 0 : firstSince(parts.connection, query.since);
  const bounds =
    level.from.includes('UNION ALL SELECT seq') && query.id === undefined
      ? [before, since, before, since]
      : [before, since];
  const at = query.at
    ? ' AND v.at <= ? AND NOT EXISTS (SELECT 1 FROM superseded s WHERE s.key = v.key AND s.version = v.version AND s.until <= ?)'
    : '';
  const rows = parts.connection.all(
    `SELECT l.seq FROM (${level.from} ORDER BY seq DESC) l CROSS JOIN version v ON v.seq = l.seq
     WHERE 1${at} ORDER BY l.seq DESC LIMIT ${Math.trunc(query.count + 1)}`,
    [...level.values, ...bounds, ...(query.at ? [query.at.high, query.at.low] : [])],
  );
  const seqs = rows.slice(0, query.count).map((row) => integer(row, 0));
  const versions = versionsAt(parts, seqs);
  return { versions, ...(rows.length > query.count && seqs.length > 0 && { next: String(seqs.at(-1)) }) };
}

/** Whole transactions above `after`, rising; at least one where there is one. */
export async function changes(parts: Parts, after: number, limit: number): Promise<readonly StoredVersion[]> {
  const { connection } = parts;
  parts.names.refresh();
  const first = connection.get('SELECT tx, seq FROM tx WHERE tx > ? ORDER BY tx LIMIT 1', [after]);
  if (!first) return [];
  const from = integer(first, 1);
  // The last transaction that ends within the limit, but never less than the first.
  const starts = (above: number, upTo: number) =>
    connection.get('SELECT max(seq) FROM tx WHERE tx > ? AND seq <= ? AND tx <= ?', [
      above,
      upTo,
      above + limit + 1,
    ])?.[0];
  const beyond = starts(integer(first, 0), from + limit);
  const next = connection.get('SELECT seq FROM tx WHERE tx > ? ORDER BY tx LIMIT 1', [integer(first, 0)]);
  const top = integer(connection.get('SELECT coalesce(max(seq), 0) FROM version'), 0) + 1;
  const whole = top <= from + limit ? top : typeof beyond === 'number' ? beyond : next ? integer(next, 0) : top;
  return versionsAt(
    parts,
    Array.from({ length: whole - from }, (_, n) => from + n),
  );
}
