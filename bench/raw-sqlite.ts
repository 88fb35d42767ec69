import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Documents a second that the driver alone inserts durably: `single` one a commit, `batched` a hundred. */
interface RawRate {
  readonly single: number;
  readonly batched: number;
}
const WARM_SECONDS = 0.5;
const BODY = Buffer.alloc(800, 'x');

/** SQLite through its driver, WAL and synchronous=FULL, one table with a unique key; nothing else is done. */
export async function rawSqlite(seconds: number): Promise<RawRate> {
  const { DatabaseSync } = await import('@photostructure/sqlite');
  const folder = mkdtempSync(join(tmpdir(), 'novamind-bench-'));
  const db = new DatabaseSync(join(folder, 'raw.db'));
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE r (k TEXT PRIMARY KEY, b BLOB)');
  const insert = db.prepare('INSERT INTO r VALUES (?, ?)');
  let n = 0;
  const rate = (batch: number, within = seconds): number => {
    const begun = performance.now();
    let done = 0;
    for (; performance.now() < begun + within * 1000; done += batch) {
      db.exec('BEGIN IMMEDIATE');
      for (let i = 0; i < batch; i++) insert.run(`id-${n++}`, BODY);
      db.exec('COMMIT');
    }
    return (done / (performance.now() - begun)) * 1000;
  };
  rate(1, WARM_SECONDS);
  const rates = { single: rate(1), batched: rate(100) };
  db.close();
  rmSync(folder, { recursive: true });
  return rates;
}
