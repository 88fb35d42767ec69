import type { Logger } from 'pino';
import { traceOf } from './problems.ts';

/** How long a check may take before it counts as failed. */
const PATIENCE_MS = 2000;

export interface Health {
  readonly status: 200 | 503;
  readonly body: { readonly status: string; readonly checks: Readonly<Record<string, 'ok' | 'failed'>> };
}

/** Whether everything the server needs works now. Why a check failed is logged, not shown. */
export async function readinessOf(checks: Readonly<Record<string, () => Promise<void>>>, log: Logger): Promise<Health> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withPatience(check());
        return [name, 'ok'] as const;
      } catch (error) {
        log.warn({ check: name, ...traceOf(error) }, 'not ready');
        return [name, 'failed'] as const;
      }
    }),
  );
  const ready = results.every(([, result]) => result === 'ok');
  return {
    status: ready ? 200 : 503,
    body: { status: ready ? 'ready' : 'not ready', checks: Object.fromEntries(results) },
  };
}

function withPatience(work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('timed out')), PATIENCE_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
