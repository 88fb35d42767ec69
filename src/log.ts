import { type Logger, pino } from 'pino';

/** Log lines on standard output. What could carry health data or secrets never gets in; these paths are the second line of defence. */
const REDACTED = [
  'authorization',
  '*.authorization',
  'headers',
  '*.headers',
  'body',
  '*.body',
  'query',
  '*.query',
  'resource',
  '*.resource',
  'token',
  '*.token',
  'patient',
  '*.patient',
];
/** Lines are gathered and written together: at this many characters, at the latest after this time. */
const HELD = 32_768;
const FLUSH_MS = 250;

/** The program's log; `flush` writes what is still held back. */
export interface Log {
  readonly logger: Logger;
  flush(): void;
}

export function openLog(level: string): Log {
  const destination = pino.destination({ fd: 1, sync: false, maxWrite: 65_536 });
  // One string for many lines: measuring and queueing each by itself costs more than making it.
  let held = '';
  const pass = (): void => {
    if (held !== '') destination.write(held);
    held = '';
  };
  const gathered = {
    write(line: string): void {
      held += line;
      if (held.length >= HELD) pass();
    },
  };
  const logger = pino(
    { level, base: null, redact: { paths: REDACTED, censor: '[redacted]' }, timestamp: pino.stdTimeFunctions.isoTime },
    gathered,
  );
  setInterval(pass, FLUSH_MS).unref();
  return {
    logger,
    flush: () => {
      pass();
      destination.flushSync();
    },
  };
}
