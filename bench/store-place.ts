import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../src/store/store.ts';

// Of a store that is thrown away after the run.
const MASTER_KEY = Buffer.alloc(32, 7);
const PAGE = 1000;

/** A store to be measured by itself, without a server in front. */
export interface StorePlace {
  readonly title: string;
  /** Opened anew, nothing of it is in this process's memory. */
  open(): Promise<Store>;
  /** Reads the current versions as they lie there, in pages of 1000 in their order, through the driver alone; returns their number. */
  readRaw(): Promise<number>;
  remove(): Promise<void>;
}

/** Opens the store for a piece of work. */
export async function opened<T>(place: StorePlace, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await place.open();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** An embedded store in that folder. */
export function sqlitePlace(folder: string): StorePlace {
  const file = join(folder, 'measured.db');
  return {
    title: 'Embedded SQLite',
    open: async () => {
      const { openSqliteStore } = await import('../src/store/sqlite/sqlite-store.ts');
      return openSqliteStore({ file, masterKey: MASTER_KEY });
    },
    readRaw: async () => {
      const { DatabaseSync } = await import('@photostructure/sqlite');
      const db = new DatabaseSync(file, { readOnly: true });
      const page = db.prepare(
        `SELECT seq, id, version, at, data_key, body FROM version WHERE seq > ? ORDER BY seq LIMIT ${PAGE}`,
      );
      page.setReturnArrays(true);
      let read = 0;
      for (let after = 0; ; ) {
        const rows: readonly unknown[] = page.all(after);
        const last = rows.at(-1);
        if (!Array.isArray(last)) break;
        read += rows.length;
        after = Number(last[0]);
      }
      db.close();
      return read;
    },
    remove: async () => {
      for (const end of ['', '-wal', '-shm', '-reads', '-reads-wal', '-reads-shm'])
        rmSync(`${file}${end}`, { force: true });
    },
  };
}

/** A database of its own on that replica set. */
export function mongoPlace(server: string): StorePlace & { readonly database: string } {
  const name = 'novamind_bench_store';
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = async <T>(work: (db: import('mongodb').Db) => Promise<T>): Promise<T> => {
    const { MongoClient } = await import('mongodb');
    const client = await new MongoClient(url.href, { promoteBuffers: true }).connect();
    try {
      return await work(client.db());
    } finally {
      await client.close();
    }
  };
  const remove = (): Promise<void> => database(async (db) => void (await db.dropDatabase()));
  return {
    title: 'MongoDB',
    database: name,
    open: async () => {
      const { openMongoStore } = await import('../src/store/mongo/mongo-store.ts');
      return openMongoStore({ url: url.href, masterKey: MASTER_KEY });
    },
    readRaw: () =>
      database(async (db) => {
        const projection = { type: 1, version: 1, seq: 1, at: 1, keyId: 1, body: 1 };
        const rows = db.collection('resources').find({}, { projection }).sort({ seq: 1 }).batchSize(PAGE);
        let read = 0;
        for await (const row of rows) if (row['body']) read++;
        return read;
      }),
    remove,
  };
}
