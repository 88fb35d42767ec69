import { accessToken, startServer, stopServer } from '../demo/server.ts';
import { drive } from './drive.ts';
import { freePort } from './free-port.ts';
import { memoryOf } from './memory.ts';
import { limitCells, printHead, printRow, whole } from './table.ts';
import { Workload } from './workload.ts';

/** A rate per second that cannot be passed here, and what it is of. */
export interface Limit {
  readonly perSecond: number;
  readonly of: string;
}
export interface ServerLimits {
  readonly reads: Limit;
  readonly searches: Limit;
  readonly creates: Limit;
  readonly updates: Limit;
  readonly transactions: Limit;
}

/** Of a mix of 40 reads, 25 searches, 25 creates and deletes and 10 updates: each part takes its share of the time. */
const mixedLimit = ({ reads, searches, creates, updates }: ServerLimits): Limit => ({
  perSecond:
    1 / (0.4 / reads.perSecond + 0.25 / searches.perSecond + 0.25 / creates.perSecond + 0.1 / updates.perSecond),
  of: 'the limits of its parts',
});

/** The server in a process of its own, asked over HTTP with a bearer token: a row for each kind of request. */
export async function printServerRates(
  title: string,
  databaseUrl: string,
  limits: ServerLimits,
  connections: number,
  seconds: number,
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
      ['reads by id', work.read, connections, 1, limits.reads],
      ['searches, patient + code + date, page of 20', work.search, connections, 1, limits.searches],
      ['single creates, durable', work.create, connections, 1, limits.creates],
      ['updates, durable', work.update, connections, 1, limits.updates],
      [
        'mixed: 40 % read, 25 % search, 20 % create, 10 % update, 5 % delete',
        work.mixed,
        connections,
        1,
        mixedLimit(limits),
      ],
      ['Observations in transactions of 100', work.bundle, 8, 100, limits.transactions],
      ['samples (SampledData, 14,400 a transaction)', work.samples, 4, 14_400, undefined],
    ] as const;
    printHead(title, '', '#per second', '#p50 ms', '#p99 ms', 'limit in the same run', '#share');
    for (const [name, next, open, unit, limit] of rows) {
      const rate = await drive(origin, token, open, seconds, next);
      const perSecond = rate.perSecond * unit;
      const bound = limit === undefined ? ['', ''] : limitCells(perSecond, limit.perSecond, limit.of);
      printRow(name, perSecond, rate.p50.toFixed(1), rate.p99.toFixed(1), ...bound);
    }
    const { now, peak } = memoryOf(server.process.pid);
    console.log(`\nMemory of the server after all that: ${whole(now)} MB RSS, at its peak ${whole(peak)} MB.`);
  } finally {
    await stopServer(server);
  }
}
