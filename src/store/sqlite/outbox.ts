import type { Vault } from '../encryption/vault.ts';
import type { NewOutboxItem, Outbox, OutboxItem } from '../store.ts';
import { type Connection, integer } from './connection.ts';
import { Sealer } from './sealer.ts';
import type { WriterClient } from './writer-client.ts';

interface Parts {
  readonly connection: Connection;
  readonly writer: WriterClient;
  readonly vault: Vault;
  readonly now: () => number;
}

const place = (id: string): string => `outbox/${id}`;

/** The outbox: moves and leases are orders to the writer, so two workers never lease the same item. */
export function sqliteOutbox({ connection, writer, vault, now }: Parts): Outbox {
  return {
    async advance(cursor: string, from: number, to: number, items: readonly NewOutboxItem[]) {
      let keys: readonly number[] = [];
      const reply = await writer.send((batch) => {
        const sealer = new Sealer(vault, batch);
        const rows = items.map(({ id, lane, kind, due, payload }) => ({
          id,
          lane,
          kind,
          due,
          payload: sealer.seal(null, place(id), payload),
        }));
        keys = sealer.keys.map(([id]) => id);
        return { kind: 'advance', cursor, from, to, items: rows, keys: sealer.keys };
      });
      if (reply.kind !== 'advanced' || !reply.moved) return false;
      vault.stored(keys);
      return true;
    },
    async cursor(name: string) {
      const row = connection.get('SELECT position FROM cursor WHERE name = ?', [name]);
      return row ? integer(row, 0) : 0;
    },
    async claim(worker: string, at: number, leaseMs: number, limit: number) {
      const reply = await writer.send(() => ({ kind: 'claim', worker, now: at, leaseMs, limit }));
      const claimed: OutboxItem[] = [];
      for (const { payload, dataKey, ...item } of reply.kind === 'claimed' ? reply.items : [])
        claimed.push({ ...item, payload: await vault.open(dataKey, place(item.id), Buffer.from(payload)) });
      return claimed;
    },
    async done(id: string, worker: string) {
      await writer.send(() => ({ kind: 'done', id, worker, now: now() }));
    },
    async retry(id: string, worker: string, due: number, error: string) {
      await writer.send(() => ({ kind: 'retry', id, worker, due, error }));
    },
    async pending(lane: string) {
      return integer(connection.get('SELECT count(*) FROM outbox WHERE lane = ? AND done IS NULL', [lane]), 0);
    },
  };
}
