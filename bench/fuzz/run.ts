import { readFileSync } from 'node:fs';
import type { Server } from '../../demo/server.ts';
import { Connection, type Result } from './connection.ts';
import { fuzzRequest, type Tokens } from './generator.ts';
import type { Material } from './material.ts';
import { type FuzzRequest, wireBytes } from './request.ts';
import { fault } from './verdict.ts';

/** A request whose answer breaks a promise. */
export interface Failure {
  readonly serial: number;
  readonly request: FuzzRequest;
  readonly what: string;
}
export interface Tally {
  readonly failures: Failure[];
  /** Answers by status; `closed` and `late` stand for none. */
  readonly statuses: Map<string, number>;
  /** Milliseconds. */
  slowest: { readonly took: number; readonly serial: number; readonly request?: FuzzRequest };
  /** MiB. */
  largestRss: number;
  sent: number;
  /** Refused writes that were looked at for what they left. */
  watched: number;
}
export interface Run {
  readonly server: Server;
  readonly seed: number;
  readonly material: Material;
  readonly tokens: Tokens;
  readonly connections: number;
  readonly tally: Tally;
}

/** Milliseconds within which every answer must be complete, on cores shared with the load. */
export const ANSWER_WITHIN = 10_000;
/** MiB resident that the server must never exceed. */
export const MEMORY_LIMIT = 1024;
const MOST_FAILURES = 25;

/** MiB resident. @throws where the process is gone. */
export const rss = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** Sends the requests `from` to `until` over all connections and judges each answer. */
export async function sendTogether(run: Run, from: number, until: number): Promise<void> {
  const { failures } = run.tally;
  let next = from;
  const work = async (connection: Connection): Promise<void> => {
    while (next < until && failures.length < MOST_FAILURES) await sendOne(run, connection, next++);
    connection.close();
  };
  const origin = new URL(run.server.origin);
  await Promise.all(Array.from({ length: run.connections }, () => work(new Connection(origin))));
}

/** Sends one request, counts and judges its answer, and gives both back. */
export async function sendOne(
  run: Run,
  connection: Connection,
  serial: number,
): Promise<{ readonly request: FuzzRequest; readonly result: Result }> {
  const { tally, server } = run;
  const origin = new URL(server.origin);
  const request = fuzzRequest(run.seed, serial, run.material, run.tokens, origin.host);
  const bytes = wireBytes(request, origin, run.tokens.system);
  const begun = performance.now();
  const result = await connection.send(bytes, request.method === 'HEAD', request.raw !== undefined, ANSWER_WITHIN);
  const took = performance.now() - begun;
  if (took > tally.slowest.took) tally.slowest = { took, serial, request };
  tally.sent++;
  const status = typeof result === 'string' ? result : String(result.status);
  tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
  const what = fault(request, result);
  if (what !== undefined) tally.failures.push({ serial, request, what });
  return { request, result };
}
