import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

/** The server as `npm start` runs it, in a process of its own. */
export interface Server {
  readonly origin: string;
  readonly process: ChildProcess;
}

interface StartOptions {
  readonly log?: 'ignore' | 'inherit';
  /** Rejects where nobody waits for the server any more. */
  readonly interruption?: Promise<never>;
}

/** Starts it and resolves once /ready answers; an interruption ends it. @throws where something is there already, it ends, or is not ready within a minute. */
export async function startServer(
  origin: string,
  { log = 'ignore', interruption }: StartOptions = {},
): Promise<Server> {
  // Else the demo would play on whatever it is, and tell of a server that it did not start.
  if (await fetch(origin).catch(() => undefined)) throw new Error(`${origin} is in use; set PORT to a free one`);
  const child = spawn(process.execPath, ['--max-semi-space-size=16', '--heap-growing-percent=50', 'dist/main.js'], {
    stdio: ['ignore', log, 'inherit'],
    env: {
      ...process.env,
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
      RATE_LIMITING_ENABLED: 'false',
    },
  });
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready`))),
  );
  ended.catch(() => undefined);
  const ready = async (): Promise<void> => {
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
      if (child.exitCode !== null || child.signalCode !== null) return ended;
      const answer = await fetch(`${origin}/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await pause(100);
    }
    throw new Error('the server was not ready within a minute');
  };
  try {
    await Promise.race([ready(), ended, ...(interruption ? [interruption] : [])]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return { origin, process: child };
}

/** Ends it as an operator would, and waits until writes in flight are finished. */
export async function stopServer({ process: child }: Server): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

/** An access token as `npm run token` prints it. */
export const accessToken = (...options: readonly string[]): string =>
  execFileSync(process.execPath, ['dist/token.js', ...options], { encoding: 'utf8', env: process.env }).trim();
