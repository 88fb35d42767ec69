import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessToken, startServer, stopServer } from '../demo/server.ts';
import { bareHttp } from './bare-http.ts';
import { drive } from './drive.ts';
import { freePort } from './free-port.ts';
import { rawMongo, rawSqlite } from './raw-insert.ts';
import { Workload } from './workload.ts';

/**
 * `npm run bench [SECONDS]`: what the README's table says, measured on this machine with its limits in the same run.
 * Embedded store; with BENCH_MONGODB_URL (npm run mongo prints one) the same on MongoDB.
 */
const SECONDS = Number(process.argv[2] ?? 8);
const CONNECTIONS = 64;

const rss = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

async function measure(
  title: string,
  databaseUrl: string,
  http: number,
  raw: { single: number; batched: number },
): Promise<void> {
  const port = await freePort();
  const origin = new URL(`http://127.0.0.1:${port}`);
  Object.assign(process.env, {
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    HOST: '127.0.0.1',
    BASE_URL: origin.origin,
    ENVIRONMENT: 'test',
  });
  const server = await startServer(origin.origin);
  try {
    const token = accessToken('--scope', 'system/*.cruds');
    const work = new Workload();
    await work.load(origin, token);
    const rows = [
      ['reads by id', work.read, CONNECTIONS, 1, http, 'bare node:http'],
      ['searches, patient + code + date, page of 20', work.search, CONNECTIONS, 1, http, 'bare node:http'],
      ['single creates, durable', work.create, CONNECTIONS, 1, raw.single, 'raw driver, one a commit'],
      ['updates, durable', work.update, CONNECTIONS, 1, raw.single, 'raw driver, one a commit'],
      ['Observations in transactions of 100', work.bundle, 8, 100, raw.batched, 'raw driver, 100 a commit'],
      ['samples (SampledData, 14,400 a transaction)', work.samples, 4, 14_400, undefined, ''],
    ] as const;
    console.log(
      `\n### ${title}\n\n| | per second | p50 ms | p99 ms | limit in the same run | share |\n|---|---:|---:|---:|---|---:|`,
    );
    for (const [name, next, connections, unit, limit, of] of rows) {
      const rate = await drive(origin, token, connections, SECONDS, next);
      const perSecond = rate.perSecond * unit;
      const bound =
        limit === undefined
          ? '|'
          : `${Math.round(limit).toLocaleString('en')} (${of}) | ${(perSecond / limit).toFixed(2)}`;
      console.log(
        `| ${name} | ${Math.round(perSecond).toLocaleString('en')} | ${rate.p50.toFixed(1)} | ${rate.p99.toFixed(1)} | ${bound} |`,
      );
    }
    console.log(`\nMemory of the server after all that: ${Math.round(rss(server.process.pid))} MB RSS.`);
  } finally {
    await stopServer(server);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'novamind-bench-'));
try {
  console.log(
    `${cpus().length} cores (${cpus()[0]?.model}), shared with the load; Node ${process.version}; ${CONNECTIONS} connections; ${SECONDS} s a row after 1 s; every answer checked.`,
  );
  const http = (await bareHttp(CONNECTIONS, SECONDS / 2)).perSecond;
  await measure(
    'Embedded SQLite (WAL, synchronous=FULL)',
    `sqlite:${join(folder, 'novamind.db')}`,
    http,
    await rawSqlite(SECONDS / 4),
  );
  const mongo = process.env['BENCH_MONGODB_URL'];
  if (mongo)
    await measure('MongoDB (w: majority, j: true)', mongo, http, await rawMongo(mongo, CONNECTIONS, SECONDS / 4));
  else console.log('\nMongoDB was not measured: set BENCH_MONGODB_URL (npm run mongo prints one).');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
