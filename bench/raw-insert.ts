import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Documents a second that the driver alone inserts durably: `single` one a commit, `batched` a hundred. */
export interface RawRate {
  readonly single: number;
  readonly batched: number;
}
const BODY = Buffer.alloc(800, 'x');

/** SQLite through its driver, WAL and synchronous=FULL, one table with a unique key; nothing else is done. */
export async function rawSqlite(seconds: number): Promise<RawRate> {
  const { DatabaseSync } = await import('@photostructure/sqlite');
  const folder = mkdtempSync(join(tmpdir(), 'novamind-bench-'));
  const db = new DatabaseSync(join(folder, 'raw.db'));
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE r (k TEXT PRIMARY KEY, b BLOB)');
  const insert = db.prepare('INSERT INTO r VALUES (?, ?)');
  let n = 0;
  const rate = (batch: number): number => {
    const begun = performance.now();
    let done = 0;
    for (; performance.now() < begun + seconds * 1000; done += batch) {
      db.exec('BEGIN IMMEDIATE');
      for (let i = 0; i < batch; i++) insert.run(`id-${n++}`, BODY);
      db.exec('COMMIT');
    }
    return (done / (performance.now() - begun)) * 1000;
  };
  const rates = { single: rate(1), batched: rate(100) };
  db.close();
  rmSync(folder, { recursive: true });
  return rates;
}

/** MongoDB through its driver, majority and journaled: single inserts from `connections` at once, and transactions of a hundred. */
export async function rawMongo(url: string, connections: number, seconds: number): Promise<RawRate> {
  const { MongoClient } = await import('mongodb');
  const client = await new MongoClient(url, {
    maxPoolSize: connections,
    writeConcern: { w: 'majority', journal: true },
  }).connect();
  const collection = client.db('novamind_bench_raw').collection('documents');
  await collection.drop().catch(() => undefined);
  await collection.insertOne({ warm: true });
  const measure = async (workers: number, batch: number, work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    let done = 0;
    await Promise.all(
      Array.from({ length: workers }, async () => {
        while (performance.now() < begun + seconds * 1000) {
          await work();
          done += batch;
        }
      }),
    );
    return (done / (performance.now() - begun)) * 1000;
  };
  const single = await measure(connections, 1, () => collection.insertOne({ b: BODY }));
  const batched = await measure(8, 100, () =>
    client.withSession((session) =>
      session.withTransaction(() =>
        collection.insertMany(
          Array.from({ length: 100 }, () => ({ b: BODY })),
          { session },
        ),
      ),
    ),
  );
  await collection.drop();
  await client.close();
  return { single, batched };
}
