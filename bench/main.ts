import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareHttp } from './bare-http.ts';
import { rawMongo } from './raw-mongo.ts';
import { rawSqlite } from './raw-sqlite.ts';
import { printServerRates } from './server-rates.ts';
import { printStoreCosts, sizesFor } from './store-costs.ts';
import { mongoPlace, sqlitePlace } from './store-place.ts';
import { printValidation } from './validation.ts';

/**
 * `npm run bench [SECONDS]`: what the README's tables say, measured on this machine with its limits in the same run.
 * Embedded store; with BENCH_MONGODB_URL (npm run mongo prints one) the same on MongoDB. Stores are grown to 200,000
 * Observations from 4 s a row on, on MongoDB, where that takes minutes, from 8 s on; with BENCH_LARGE=1 to 5 million.
 */
const SECONDS = Number(process.argv[2] ?? 8);
const CONNECTIONS = 64;
const LARGE = process.env['BENCH_LARGE'] === '1';

async function sqlite(folder: string): Promise<void> {
  const http = { perSecond: (await bareHttp(CONNECTIONS, SECONDS / 2)).perSecond, of: 'bare node:http' };
  const raw = await rawSqlite(SECONDS / 2);
  const single = { perSecond: raw.single, of: 'raw driver, one a commit' };
  const limits = {
    reads: http,
    searches: http,
    creates: single,
    updates: single,
    transactions: { perSecond: raw.batched, of: 'raw driver, 100 a commit' },
  };
  const url = `sqlite:${join(folder, 'novamind.db')}`;
  await printServerRates('Embedded SQLite (WAL, synchronous=FULL)', url, limits, CONNECTIONS, SECONDS);
  await printStoreCosts(sqlitePlace(folder), sizesFor(SECONDS, 4, LARGE));
}

async function mongo(url: string): Promise<void> {
  const raw = await rawMongo(url, CONNECTIONS, SECONDS / 2);
  const limits = {
    reads: { perSecond: raw.reads, of: 'raw driver, findOne by id' },
    searches: { perSecond: raw.searches, of: 'raw driver, indexed page of 20' },
    creates: { perSecond: raw.single, of: 'raw driver, the same document, one a commit' },
    updates: { perSecond: raw.updates, of: 'raw driver, the same document replaced, one a commit' },
    transactions: { perSecond: raw.batched, of: 'raw driver, the same documents, 100 a transaction' },
  };
  await printServerRates('MongoDB (w: majority, j: true)', url, limits, CONNECTIONS, SECONDS);
  await printStoreCosts(mongoPlace(url), sizesFor(SECONDS, 8, LARGE));
}

const folder = mkdtempSync(join(tmpdir(), 'novamind-bench-'));
try {
  console.log(
    `${cpus().length} cores (${cpus()[0]?.model}), shared with the load; Node ${process.version}; ${CONNECTIONS} connections; ${SECONDS} s a row after 1 s; every answer checked.`,
  );
  await sqlite(folder);
  const url = process.env['BENCH_MONGODB_URL'];
  if (url) await mongo(url);
  else console.log('\nMongoDB was not measured: set BENCH_MONGODB_URL (npm run mongo prints one).');
  await printValidation(SECONDS);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
