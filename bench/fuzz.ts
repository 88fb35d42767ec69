import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, stopServer } from '../demo/server.ts';
import { freePort } from './free-port.ts';
import { sendWatched } from './fuzz/nothing-written.ts';
import { prepare, tokensFor } from './fuzz/prepare.ts';
import { shellLine } from './fuzz/request.ts';
import { ANSWER_WITHIN, MEMORY_LIMIT, type Run, rss, sendTogether, type Tally } from './fuzz/run.ts';

/**
 * `npm run fuzz [REQUESTS]`: hostile requests against the built server on an empty store; every answer must be below
 * 500, in time, with a complete OperationOutcome where it refuses, and a refused write must have written nothing.
 * FUZZ_SEED replays a run, FUZZ_ONLY one request of it; BENCH_MONGODB_URL takes MongoDB instead of SQLite.
 */
const REQUESTS = Number(process.argv[2] ?? 100_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 1e9));
const ONLY = process.env['FUZZ_ONLY'];
const CONNECTIONS = 32;
const ROUND = 2500;
/** The last of each round go one at a time. */
const WATCHED_A_ROUND = 300;
const SHOWN = 10;
const TOLD_EVERY = 10_000;

async function fuzz(run: Run): Promise<void> {
  const { tally } = run;
  const [first, end] = ONLY === undefined ? [0, REQUESTS] : [Number(ONLY), Number(ONLY) + 1];
  for (let from = first; from < end && tally.failures.length === 0; from += ROUND) {
    const until = Math.min(end, from + ROUND);
    const watched = Math.max(from, until - WATCHED_A_ROUND);
    await sendTogether(run, from, watched);
    if (tally.failures.length === 0) await sendWatched(run, watched, until);
    if (tally.sent % TOLD_EVERY === 0) console.log(`${tally.sent} sent`);
  }
}

function report({ tally, server }: Run, seconds: number): void {
  const { exitCode, signalCode } = server.process;
  if (exitCode !== null || signalCode !== null) console.log(`The server ended with ${exitCode ?? signalCode}.`);
  const histogram = [...tally.statuses].sort(([a], [b]) => a.localeCompare(b)).map(([status, n]) => `${status}: ${n}`);
  console.log(
    `${tally.sent} requests in ${seconds.toFixed(0)} s, ${tally.watched} refused writes looked at for what they left.\n` +
      `Answers: ${histogram.join(', ')}.\n` +
      `Slowest: ${tally.slowest.took.toFixed(0)} ms (request ${tally.slowest.serial}; limit ${ANSWER_WITHIN} ms). ` +
      `Memory of the server: at most ${tally.largestRss.toFixed(0)} MiB RSS (limit ${MEMORY_LIMIT}).`,
  );
  if (tally.slowest.request) console.log(`  ${shellLine(tally.slowest.request, new URL(server.origin))}`);
  for (const { serial, request, what } of tally.failures.slice(0, SHOWN))
    console.log(`\nrequest ${serial}: ${what}\n  ${shellLine(request, new URL(server.origin))}`);
  if (tally.failures.length > SHOWN) console.log(`\n… and ${tally.failures.length - SHOWN} more`);
}

/** The URL with a database of this run's own. */
function ownDatabase(url: string | undefined, name: string): string | undefined {
  return url?.replace(/^(mongodb(?:\+srv)?:\/\/[^/]+)(?:\/[^?]*)?/, `$1/${name}`);
}

async function dropDatabase(url: string): Promise<void> {
  const { MongoClient } = await import('mongodb');
  const client = await new MongoClient(url).connect();
  await client.db().dropDatabase();
  await client.close();
}

const folder = mkdtempSync(join(tmpdir(), 'novamind-fuzz-'));
const port = await freePort();
const mongo = ownDatabase(process.env['BENCH_MONGODB_URL'], `novamind-fuzz-${port}`);
const origin = `http://127.0.0.1:${port}`;
Object.assign(process.env, {
  DATABASE_URL: mongo ?? `sqlite:${join(folder, 'novamind.db')}`,
  PORT: String(port),
  HOST: '127.0.0.1',
  BASE_URL: origin,
  MASTER_KEY: randomBytes(32).toString('hex'),
  JWT_SECRET_KEY: randomBytes(32).toString('hex'),
  ENVIRONMENT: 'test',
  LOG_LEVEL: 'error',
  // Off, so that examples which refer to what is not here reach the store.
  REFERENTIAL_INTEGRITY: process.env['REFERENTIAL_INTEGRITY'] ?? 'false',
});
console.log(`FUZZ_SEED=${SEED}, ${CONNECTIONS} connections, ${mongo === undefined ? 'embedded SQLite' : 'MongoDB'}`);
const tally: Tally = {
  failures: [],
  statuses: new Map(),
  slowest: { took: 0, serial: 0 },
  largestRss: 0,
  sent: 0,
  watched: 0,
};
// The traces of what goes wrong come out beside it.
const server = await startServer(origin, { log: 'inherit' });
const watch = setInterval(() => {
  if (server.process.exitCode === null) tally.largestRss = Math.max(tally.largestRss, rss(server.process.pid));
}, 200);
try {
  const tokens = tokensFor();
  const material = await prepare(origin, tokens.system);
  const run: Run = { server, seed: SEED, material, tokens, connections: CONNECTIONS, tally };
  const begun = performance.now();
  await fuzz(run);
  report(run, (performance.now() - begun) / 1000);
  const isBounded = tally.largestRss <= MEMORY_LIMIT;
  if (!isBounded) console.log('\nThe server took more memory than it may.');
  if (tally.failures.length > 0 || !isBounded) process.exitCode = 1;
} finally {
  clearInterval(watch);
  await stopServer(server);
  rmSync(folder, { recursive: true, force: true });
  if (mongo !== undefined) await dropDatabase(mongo);
}
