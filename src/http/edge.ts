import type { Logger } from 'pino';
import type { World } from '../interactions/context.ts';
import type { Bearer } from './bearer.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Finished } from './request-log.ts';

/** All that the rim of the server works with; built by main.ts through http/server.ts, shared by the hot path and Express. */
export interface Edge {
  readonly world: World;
  readonly log: Logger;
  readonly bearer: Bearer;
  /** Absent where rate limiting is switched off. */
  readonly rateLimit: RateLimit | undefined;
  readonly logRequest: (finished: Finished) => void;
  readonly corsOrigins: readonly string[];
  /** Proxies in front of the server whose X-Forwarded-For counts. */
  readonly trustedProxies: number;
  /** `/.well-known/smart-configuration`. */
  readonly smart: Readonly<Record<string, unknown>>;
  /** What must work for the server to be ready, by name. */
  readonly readiness: Readonly<Record<string, () => Promise<void>>>;
  /** Set where readable pages may be opened by signed links: development and test. */
  readonly pageLinkKey: Buffer | undefined;
}
