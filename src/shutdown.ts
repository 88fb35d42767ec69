import type { Logger } from 'pino';

/** Something to stop, in the order given. */
export interface Stoppable {
  readonly name: string;
  stop(): Promise<void> | void;
}

/** Work in the background: subscriptions, deliveries, messages. */
export interface Service extends Stoppable {
  start(): Promise<void>;
}

/** All of a shutdown must fit in this; a supervisor's patience ends at about ten seconds. */
const DEADLINE_MS = 9500;

/**
 * Stops everything in order at the first SIGTERM or SIGINT, then exits: 0 when all of it stopped, 1 where something
 * failed or took too long. npm passes a signal on that the process group got as well: later ones change nothing.
 */
export function stopOnSignal(parts: readonly Stoppable[], log: Logger, flush: () => void): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    const deadline = setTimeout(() => finish(1, 'stopping took too long'), DEADLINE_MS);
    let code = 0;
    for (const part of parts) {
      try {
        await part.stop();
      } catch (error) {
        code = 1;
        log.error(
          { part: part.name, error: error instanceof Error ? error.message : typeof error },
          'could not be stopped',
        );
      }
    }
    clearTimeout(deadline);
    finish(code, 'stopped');
  };
  const finish = (code: number, message: string): void => {
    log.info(message);
    flush();
    process.exit(code);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
