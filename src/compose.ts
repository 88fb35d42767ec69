import type { Logger } from 'pino';
import { permitFor } from './access/permit-for.ts';
import type { Config } from './config.ts';
import { readProfiles } from './conformance/profiles-folder.ts';
import { loadRegistry } from './conformance/r4-registry.ts';
import type { LiveRegistry } from './conformance/registry.ts';
import { validator } from './conformance/validation/validator.ts';
import { bearer } from './http/bearer.ts';
import type { Edge } from './http/edge.ts';
import { rateLimit } from './http/rate-limit.ts';
import { requestLog } from './http/request-log.ts';
import type { ServedOperation, World } from './interactions/context.ts';
import { CustomSearch } from './interactions/search-parameters/custom-search.ts';
import type { Keys } from './keys.ts';
import { withSampledData } from './series/sampled-data-issues.ts';
import { smartConfiguration } from './smart/smart-configuration.ts';
import type { Store } from './store/store.ts';
import { uuidV7 } from './uuid-v7.ts';

/** What main.ts plugs into the world beside the store. */
export interface Plugins {
  /** Of this software, for the capability statement. */
  readonly version?: string;
  readonly operations: readonly ServedOperation[];
  readonly react: World['react'];
}

/** The definitions of R4 with those of `profiles/`. */
export const loadDefinitions = (profiles: string): LiveRegistry => loadRegistry(readProfiles(profiles));

/** The world of interactions over an open store. */
export const composeWorld = (
  config: Config,
  keys: Keys,
  log: Logger,
  store: Store,
  registry: LiveRegistry,
  plugins: Plugins,
): World => ({
  store,
  registry,
  base: config.fhirBase,
  now: Date.now,
  newId: uuidV7(Date.now),
  log,
  validate: withSampledData(validator(registry)),
  react: plugins.react,
  referentialIntegrity: config.REFERENTIAL_INTEGRITY,
  operations: plugins.operations,
  pageKey: keys.cursor,
  version: plugins.version ?? 'unreleased',
  cors: config.CORS_ORIGINS.length > 0,
  limits: {
    bundleEntries: config.BUNDLE_MAX_ENTRIES,
    bodyBytes: config.BODY_LIMIT_BYTES,
    pageSize: config.PAGE_SIZE,
    maxPageSize: config.PAGE_SIZE_MAX,
  },
  customSearch: new CustomSearch({ store, registry, log }),
});

/** The rim of the server around a world. `readiness` names what must work beside the store. */
export function composeEdge(config: Config, keys: Keys, world: World, readiness: Edge['readiness'] = {}): Edge {
  const local = config.ENVIRONMENT === 'development' || config.ENVIRONMENT === 'test';
  return {
    world,
    log: world.log,
    bearer: bearer({
      key: keys.jwt,
      issuer: config.JWT_ISSUER,
      // Locally a token is good on any port; elsewhere it must be meant for this server.
      ...(!local && { audience: config.fhirBase }),
      permitFor: (claims) => permitFor(claims, world.registry),
      now: world.now,
    }),
    rateLimit: config.RATE_LIMITING_ENABLED ? rateLimit(config.RATE_LIMIT_PER_MINUTE, world.now) : undefined,
    logRequest: requestLog(world.log, world.registry),
    corsOrigins: config.CORS_ORIGINS,
    trustedProxies: config.TRUST_PROXY,
    smart: smartConfiguration(config.JWT_ISSUER),
    readiness: { store: () => world.store.ready(), ...readiness },
    pageLinkKey: local ? keys.page : undefined,
  };
}
