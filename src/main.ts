import { fileURLToPath, pathToFileURL } from 'node:url';
import { operations } from '../operations/index.ts';
import packageJson from '../package.json' with { type: 'json' };
import { composeEdge, composeWorld, loadDefinitions } from './compose.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { effectiveConfig, insecureDefaults, unreadableFiles } from './config-check.ts';
import { readPublished } from './conformance/profiles-folder.ts';
import { Problem } from './fhir/problem.ts';
import { traceOf } from './http/problems.ts';
import { listen } from './http/server.ts';
import { seedProfiles } from './interactions/seed-profiles.ts';
import { subscriptionHost } from './interactions/subscription-host.ts';
import { loadKeys } from './keys.ts';
import { type LanguageModel, openLanguageModel } from './language-model/client.ts';
import { loadModels, probeModels } from './load-models.ts';
import { type Log, openLog } from './log.ts';
import { openStore } from './open-store.ts';
import { served } from './operation/served.ts';
import { loadRules } from './rules/load-rules.ts';
import { reactions } from './rules/react.ts';
import { type Service, stopOnSignal } from './shutdown.ts';
import { SubscriptionService } from './subscriptions/service.ts';

/** How long requests in flight may take once the server stops. */
const GRACE_MS = 7000;
/** Beside dist/, where the bundle runs from. */
const PROFILES = fileURLToPath(new URL('../profiles', import.meta.url));

/** Composition root: config → store → registry → validator → models → rules → subscriptions → app → listen. */
async function start(config: Config, { logger, flush }: Log): Promise<void> {
  const keys = loadKeys(config);
  const registry = loadDefinitions(PROFILES);
  const rules = loadRules(pathToFileURL(`${PROFILES}/plan-definitions/`));
  const models = await loadModels(config);
  const store = await openStore(config, keys);
  const world = composeWorld(config, keys, logger, store, registry, {
    version: packageJson.version,
    operations: operations({
      models,
      languageModel: languageModelOf(config),
      sanitizePhi: config.PHI_SANITIZATION_ENABLED,
    }).map(served),
    react: (written) => reactions(rules, written),
  });
  await seedProfiles(world, readPublished(PROFILES));
  const subscriptions = new SubscriptionService(subscriptionHost(world));
  const { customSearch } = world;
  const services: readonly Service[] = [
    ...(customSearch === undefined
      ? []
      : [{ name: 'search parameters', start: () => customSearch.start(), stop: () => customSearch.stop() }]),
    { name: 'subscriptions', start: () => subscriptions.start(), stop: () => subscriptions.stop() },
  ];
  for (const service of services) await service.start();
  const readiness = { models: () => probeModels(models) };
  const address = { host: config.HOST, port: config.PORT };
  const server = await listen(composeEdge(config, keys, world, readiness), address).catch((error: unknown) => {
    throw asConfigError(error);
  });
  stopOnSignal(
    [
      { name: 'http', stop: () => server.stop(GRACE_MS) },
      ...services.toReversed(),
      { name: 'store', stop: () => store.close() },
    ],
    logger,
    flush,
  );
  process.stdout.write(`NovaMind serves ${config.fhirBase} (${store.kind}, ${config.ENVIRONMENT})\n`);
}

/** The language model where one is configured: a key, or another server that speaks OpenAI's API and may need none. */
function languageModelOf(config: Config): LanguageModel | undefined {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, MENTALLAMA_MODEL_MAPPINGS: models } = config;
  if (apiKey === undefined && baseUrl === undefined) return undefined;
  return openLanguageModel({ apiKey: apiKey ?? 'none', models, ...(baseUrl !== undefined && { baseUrl }) });
}

/** Prints the settings in effect; the status says whether a start would be refused. */
function check(config: Config): void {
  process.stdout.write(`${effectiveConfig(config)}\n`);
  refuseInsecure(config);
  const unreadable = unreadableFiles(config);
  if (unreadable.length > 0) throw new ConfigError(unreadable.join('; '));
}

function refuseInsecure(config: Config): void {
  const refusals = insecureDefaults(config);
  if (refusals.length > 0) throw new ConfigError(`ENVIRONMENT=production refuses to start: ${refusals.join('; ')}`);
}

/** What stops a start is one line on standard error; only the unexpected shows its trace. */
function refused(error: unknown): void {
  const expected = error instanceof ConfigError || error instanceof Problem;
  const text = error instanceof Error ? (expected ? error.message : error.stack) : String(error);
  process.stderr.write(`novamind: ${text}\n`);
  process.exitCode = 1;
}

/** Which setting keeps the server from listening. */
const ADDRESS_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'PORT',
  EACCES: 'PORT',
  EADDRNOTAVAIL: 'HOST',
  ENOTFOUND: 'HOST',
};

function asConfigError(error: unknown): unknown {
  const variable = error instanceof Error && 'code' in error ? ADDRESS_ERRORS[String(error.code)] : undefined;
  return variable !== undefined && error instanceof Error
    ? new ConfigError(`${variable}: the server cannot listen: ${error.message}`, { cause: error })
    : error;
}

try {
  const config = loadConfig();
  if (process.argv.includes('--check')) check(config);
  else {
    refuseInsecure(config);
    const log = openLog(config.LOG_LEVEL);
    process.on('uncaughtException', (error) => {
      log.logger.fatal(traceOf(error), 'uncaught');
      log.flush();
      process.exit(1);
    });
    await start(config, log);
  }
} catch (error) {
  refused(error);
  // A store or service that did open would keep the process alive.
  if (!process.argv.includes('--check')) process.exit();
}
