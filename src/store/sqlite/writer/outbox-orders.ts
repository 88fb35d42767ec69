import { bytes, integer, string } from '../connection.ts';
import type { ClaimedRow, Order } from '../messages.ts';
import { cut, type Group } from './group.ts';

type Of<Kind> = Extract<Order, { kind: Kind }>;
// A finished item is remembered so long, in order that the same work is not added again.
const REMEMBERED = 7 * 86_400_000;

/** Moves the cursor and appends, or does neither. */
export function advance(group: Group, order: Of<'advance'>, all: Buffer): boolean {
  const { connection } = group;
  const position = connection.get('SELECT position FROM cursor WHERE name = ?', [order.cursor]);
  if ((position ? integer(position, 0) : 0) !== order.from) return false;
  group.keys(order.keys);
  connection.run('INSERT OR REPLACE INTO cursor VALUES (?, ?)', [order.cursor, order.to]);
  for (const { id, lane, kind, due, payload } of order.items)
    connection.run(
      `INSERT OR IGNORE INTO outbox (id, lane, kind, data_key, payload, due, attempts, leased_until) VALUES (?, ?, ?, ?, ?, ?, 0, 0)`,
      [id, lane, kind, payload.dataKey, cut(all, payload), due],
    );
  return true;
}

/** Leases the due heads of lanes, oldest first. */
export function claim(group: Group, order: Of<'claim'>): ClaimedRow[] {
  const { connection } = group;
  const rows = connection.all(
    `SELECT o.n, o.id, o.lane, o.kind, o.due, o.attempts, o.data_key, o.payload FROM outbox o
     WHERE o.done IS NULL AND o.due <= ? AND o.leased_until <= ?
       AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.done IS NULL AND p.lane = o.lane AND p.n < o.n)
     ORDER BY o.n LIMIT ${Math.trunc(order.limit)}`,
    [order.now, order.now],
  );
  return rows.map((row) => {
    const attempts = integer(row, 5) + 1;
    connection.run('UPDATE outbox SET worker = ?, leased_until = ?, attempts = ? WHERE n = ?', [
      order.worker,
      order.now + order.leaseMs,
      attempts,
      integer(row, 0),
    ]);
    return {
      id: string(row, 1),
      lane: string(row, 2),
      kind: string(row, 3),
      due: integer(row, 4),
      attempts,
      dataKey: integer(row, 6),
      payload: bytes(row, 7),
    };
  });
}

/** Finishes an item of this worker; its payload goes, its id stays a while. */
export function done(group: Group, order: Of<'done'>): void {
  group.connection.run(
    'UPDATE outbox SET done = ?, payload = NULL, worker = NULL WHERE id = ? AND worker = ? AND done IS NULL',
    [order.now, order.id, order.worker],
  );
  group.connection.run('DELETE FROM outbox WHERE n IN (SELECT n FROM outbox WHERE done < ? LIMIT 100)', [
    order.now - REMEMBERED,
  ]);
}

/** Gives an item of this worker back, due later. */
export function retry(group: Group, order: Of<'retry'>): void {
  group.connection.run(
    'UPDATE outbox SET worker = NULL, leased_until = 0, due = ?, error = ? WHERE id = ? AND worker = ? AND done IS NULL',
    [order.due, order.error, order.id, order.worker],
  );
}
