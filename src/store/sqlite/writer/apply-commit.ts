import type { Expectation, Refusal, Written } from '../../store.ts';
import { bytes, integer, string } from '../connection.ts';
import type { ChangeOrder, CommitOrder, CommitReply } from '../messages.ts';
import type { MadeRecords } from './append-block.ts';
import { cut, type Group } from './group.ts';
import { deleteRows, insertRows } from './index-tables.ts';

/** The current version of a resource as the writer needs it. */
interface Current {
  readonly seq: number;
  readonly version: number;
  readonly deleted: boolean;
  readonly fingerprint: string;
  readonly indexed: string;
  readonly at: number;
  readonly rows: string;
  /** Names the patient, for a deletion too. */
  readonly dataKey: number;
}

/** Checks everything first, so that a refusal has written nothing and needs no savepoint; then writes. */
export function applyCommit(
  group: Group,
  order: CommitOrder,
  all: Buffer,
  records: Omit<MadeRecords, 'versions'> | undefined,
): CommitReply {
  const { connection, counters } = group;
  if (order.receipt) {
    const used = connection.get('SELECT data_key, answer FROM receipt WHERE key = ? AND expires > ?', [
      order.receipt.key,
      order.now,
    ]);
    if (used) return { kind: 'replayed', dataKey: integer(used, 0), answer: bytes(used, 1) };
  }
  const current = order.changes.map((change) => currentOf(group, change));
  const because = refusal(group, order, current);
  if (because) return { kind: 'refused', because };

  const at = Math.max(counters.at, order.now);
  const firstSeq = counters.seq + 1;
  const tx = counters.tx + 1;
  group.keys(order.keys);
  const versions = order.changes.map((change, index) => applyChange(group, change, current[index], tx, at, all));
  const wrote = counters.seq >= firstSeq;
  if (wrote) {
    counters.tx = tx;
    counters.at = at;
    connection.run('INSERT INTO tx VALUES (?, ?, ?)', [tx, firstSeq, at]);
  }
  if (order.receipt) {
    const { key, answer, expires } = order.receipt;
    connection.run('INSERT OR REPLACE INTO receipt VALUES (?, ?, ?, ?)', [
      key,
      answer.dataKey,
      cut(all, answer),
      expires,
    ]);
  }
  if (records) group.audit({ ...records, versions: versions.map(({ version }) => version) });
  return { kind: 'committed', transaction: counters.tx, firstSeq, lastUpdated: counters.at, versions, wrote };
}

function currentOf(group: Group, change: ChangeOrder): Current | undefined {
  const row = group.connection.get(
    `SELECT c.seq, c.version, c.deleted, c.fingerprint, c.indexed, v.at, v.rows, v.id, v.type, v.data_key
     FROM current c CROSS JOIN version v ON v.seq = c.seq WHERE c.key = ?`,
    [change.hash],
  );
  if (!row) return undefined;
  // Two keys of one hash: one in 10^15 pairs. Better an error than one resource in the place of another.
  if (string(row, 7) !== change.id || integer(row, 8) !== change.type)
    throw new Error(`the id ${change.id} cannot be stored, choose another`);
  const text = (column: number) => (row[column] === null ? '' : string(row, column));
  return {
    seq: integer(row, 0),
    version: integer(row, 1),
    deleted: integer(row, 2) === 1,
    fingerprint: text(3),
    indexed: text(4),
    at: integer(row, 5),
    rows: text(6),
    dataKey: integer(row, 9),
  };
}

function refusal(group: Group, order: CommitOrder, current: readonly (Current | undefined)[]): Refusal | undefined {
  for (const [index, change] of order.changes.entries()) {
    const found = current[index];
    if (holds(change.expect, found)) continue;
    return { kind: 'expectation', change: index, current: found && { version: found.version, deleted: found.deleted } };
  }
  for (const [index, guard] of order.guards.entries()) {
    const ids = group.connection.all(guard.matches.text, guard.matches.values).map((row) => string(row, 0));
    if (ids.length === guard.ids.length && ids.every((id) => guard.ids.includes(id))) continue;
    return { kind: 'guard', guard: index, ids };
  }
  if (order.requires.length === 0) return undefined;
  const touched = new Map(order.changes.map((change) => [change.hash, change.kind]));
  for (const { hash, key } of order.requires) {
    const change = touched.get(hash);
    const there =
      change === 'put' ||
      (change === undefined &&
        group.connection.get('SELECT 1 FROM current WHERE key = ? AND deleted = 0', [hash]) !== undefined);
    if (!there) return { kind: 'missing', key };
  }
  return undefined;
}

function holds(expect: Expectation, current: Current | undefined): boolean {
  switch (expect.kind) {
    case 'any':
      return true;
    case 'absent':
      return current === undefined || current.deleted;
    case 'present':
      return current !== undefined && !current.deleted;
    case 'version':
      return current !== undefined && !current.deleted && current.version === expect.version;
    default:
      return expect satisfies never;
  }
}

function applyChange(
  group: Group,
  change: ChangeOrder,
  old: Current | undefined,
  tx: number,
  at: number,
  all: Buffer,
): Written {
  const { connection } = group;
  const live = old !== undefined && !old.deleted;
  const unchanged: Written = { outcome: 'unchanged', version: old?.version ?? 0, lastUpdated: old?.at ?? 0 };
  if (change.kind === 'delete' && !live) return unchanged;
  if (change.kind === 'put' && live && old.fingerprint === change.fingerprint) {
    if (old.indexed !== change.indexed) {
      deleteRows(connection, old.seq, change.type, old.rows);
      insertRows(connection, old.seq, change.type, change.rows);
      connection.run('UPDATE version SET rows = ? WHERE seq = ?', [change.rows.kept, old.seq]);
      connection.run('UPDATE current SET indexed = ? WHERE key = ?', [change.indexed, change.hash]);
    }
    return unchanged;
  }
  const seq = ++group.counters.seq;
  const version = (old?.version ?? 0) + 1;
  if (old) {
    if (live) {
      deleteRows(connection, old.seq, change.type, old.rows);
      connection.run('DELETE FROM recent WHERE type = ? AND seq = ?', [change.type, old.seq]);
      connection.run('INSERT INTO past VALUES (?, ?)', [change.type, old.seq]);
    }
    connection.run('INSERT INTO superseded VALUES (?, ?, ?, ?)', [change.hash, old.version, old.seq, at]);
  }
  if (change.kind === 'delete') {
    connection.run('INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)', [
      seq,
      change.hash,
      change.type,
      change.id,
      version,
      tx,
      at,
      'DELETE',
      old?.dataKey ?? null,
    ]);
    connection.run(
      'UPDATE current SET seq = ?, version = ?, deleted = 1, fingerprint = NULL, indexed = NULL WHERE key = ?',
      [seq, version, change.hash],
    );
    connection.run('INSERT INTO past VALUES (?, ?)', [change.type, seq]);
    group.count(change.type, -1);
    return { outcome: 'deleted', version, lastUpdated: at };
  }
  const { body, rows } = change;
  connection.run('INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    seq,
    change.hash,
    change.type,
    change.id,
    version,
    tx,
    at,
    change.method,
    body.dataKey,
    rows.kept,
    cut(all, body),
  ]);
  const { fingerprint, indexed, hash } = change;
  if (old)
    connection.run('UPDATE current SET seq = ?, version = ?, deleted = 0, fingerprint = ?, indexed = ? WHERE key = ?', [
      seq,
      version,
      fingerprint,
      indexed,
      hash,
    ]);
  else connection.run('INSERT INTO current VALUES (?, ?, 1, 0, ?, ?)', [hash, seq, fingerprint, indexed]);
  connection.run('INSERT INTO recent VALUES (?, ?)', [change.type, seq]);
  insertRows(connection, seq, change.type, rows);
  if (!live) group.count(change.type, 1);
  return { outcome: live ? 'updated' : 'created', version, lastUpdated: at };
}
