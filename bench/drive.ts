import { Connection, type Reply } from './connection.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly wanted: number;
  /** Called with each answer; throws where it is wrong. */
  readonly check?: (reply: Reply) => void;
}
export interface Rate {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/**
 * A closed loop: each connection sends its next request when the last answer is complete and has been checked.
 * @throws where an answer has another status than wanted, or fails its check: a wrong answer has no speed.
 */
export async function drive(
  origin: URL,
  token: string | undefined,
  connections: number,
  seconds: number,
  next: () => Asked,
): Promise<Rate> {
  const open = Array.from({ length: connections }, () => new Connection(origin, token));
  const run = async (until: number, times: number[]): Promise<void> => {
    await Promise.all(
      open.map(async (connection) => {
        while (performance.now() < until) {
          const { method, path, body, wanted, check } = next();
          const begun = performance.now();
          const reply = await connection.send(method, path, body);
          if (reply.status !== wanted)
            throw new Error(`${method} ${path} answered ${reply.status}: ${reply.body.toString().slice(0, 300)}`);
          check?.(reply);
          times.push(performance.now() - begun);
        }
      }),
    );
  };
  await run(performance.now() + 1000, []);
  const times: number[] = [];
  const begun = performance.now();
  await run(begun + seconds * 1000, times);
  const spent = (performance.now() - begun) / 1000;
  for (const connection of open) connection.close();
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { perSecond: times.length / spent, p50: at(0.5), p99: at(0.99) };
}
