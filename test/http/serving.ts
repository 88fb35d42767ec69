import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { composeEdge, composeWorld, loadDefinitions } from '../../src/compose.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { listen } from '../../src/http/server.ts';
import type { ServedOperation } from '../../src/interactions/context.ts';
import { loadKeys } from '../../src/keys.ts';
import { openStore } from '../../src/open-store.ts';
import { issueAccessToken } from '../../src/smart/access-token.ts';
import { databaseUrl } from '../store/database-url.ts';

/** A server on a free port over an empty store, as main.ts composes it. */
export interface Serving {
  /** `http://127.0.0.1:PORT`, served by the hot path with Express behind it. */
  readonly origin: string;
  /** The same world, everything through Express. */
  readonly expressOrigin: string;
  readonly config: Config;
  readonly key: Buffer;
  readonly log: readonly string[];
  token(scope: string, patient?: string): Promise<string>;
  stop(): Promise<void>;
}

export async function serving(
  environment: Readonly<Record<string, string>> = {},
  port = 0,
  operations: readonly ServedOperation[] = [],
): Promise<Serving> {
  const folder = mkdtempSync(join(tmpdir(), 'http-'));
  const config = loadConfig({
    ENVIRONMENT: 'test',
    DATABASE_URL: databaseUrl(folder),
    BASE_URL: 'http://fhir.test',
    RATE_LIMITING_ENABLED: 'false',
    ...environment,
  });
  const keys = loadKeys({ ...config, dataDirectory: folder });
  const log: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void log.push(line) });
  const store = await openStore(config, keys);
  const world = composeWorld(config, keys, logger, store, loadDefinitions('profiles'), {
    version: '0.0.0',
    operations,
    react: () => [],
  });
  const edge = composeEdge(config, keys, world);
  const hot = await listen(edge, { host: '127.0.0.1', port });
  const express = await listen(edge, { host: '127.0.0.1', port: 0, hotPath: false });
  return {
    origin: `http://127.0.0.1:${hot.port}`,
    expressOrigin: `http://127.0.0.1:${express.port}`,
    config,
    key: keys.jwt,
    log,
    token: (scope, patient) =>
      issueAccessToken(
        { issuer: config.JWT_ISSUER, audience: config.fhirBase, key: keys.jwt },
        { client: 'test', scope, ...(patient !== undefined && { patient }) },
        600,
        Date.now(),
      ),
    async stop() {
      await Promise.all([hot.stop(500), express.stop(500)]);
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
