import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';

/** A setting that stops the start. The message is one line and names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const switchOf = (fallback: boolean) =>
  z
    .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
    .transform((text) => text === 'true' || text === '1')
    .default(fallback);
const integer = (low: number, high: number, fallback: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, { error: `must be a whole number from ${low} to ${high}`, abort: true })
    .transform(Number)
    .refine((value) => value >= low && value <= high, { error: `must be a whole number from ${low} to ${high}` })
    .default(fallback);
const text = z.string().optional();
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' });
const withoutQuery = (url: string): boolean => !/[?#]/.test(url);
const noTrailingSlash = (url: string): string => url.replace(/\/+$/, '');

const databaseUrl = z
  .string()
  .regex(/^(sqlite:.+|mongodb(\+srv)?:\/\/.+)$/, { error: 'must be sqlite:PATH or mongodb://HOST/DATABASE' })
  .default('sqlite:./data/novamind.db');

const modelMappings = z
  .string()
  .default('{}')
  .transform((json, context): Readonly<Record<string, string>> => {
    try {
      return z.record(z.string(), z.string().min(1)).parse(JSON.parse(json));
    } catch {
      context.addIssue('must be a JSON object of task to model name, such as {"note":"gpt-4o"}');
      return z.NEVER;
    }
  });

const masterKey = z
  .string()
  .regex(/^([0-9a-fA-F]{64}|[A-Za-z0-9+/]{43}=|[A-Za-z0-9_-]{43}=?)$/, { error: 'must be 32 bytes in hex or base64' })
  .optional();

const origins = z
  .string()
  .default('')
  .transform((list) =>
    list
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  )
  .refine((list) => list.every((origin) => origin === '*' || /^https?:\/\/[^/]+$/.test(origin)), {
    error: 'must be origins such as https://app.example.org, separated by commas, or *',
  });

const region = z
  .string()
  .regex(/^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/, { error: 'must be an AWS region such as eu-central-1' })
  .optional();

/** Every variable that is read, with its form and its default. The names are the product's reference. */
export const VARIABLES = z.object({
  ENVIRONMENT: z
    .enum(['development', 'test', 'staging', 'production'], {
      error: 'must be development, test, staging or production',
    })
    .default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535, 3000),
  BASE_URL: httpUrl
    .refine(withoutQuery, { error: 'must have no query and no fragment' })
    .transform(noTrailingSlash)
    .optional(),
  DATABASE_URL: databaseUrl,
  MONGODB_ALLOW_STANDALONE: switchOf(false),
  JWT_SECRET_KEY: z.string().min(32, { error: 'must have at least 32 characters' }).optional(),
  JWT_ISSUER: text,
  MASTER_KEY: masterKey,
  MASTER_KEY_FILE: text,
  TLS_TERMINATED_BY_PROXY: switchOf(false),
  TRUST_PROXY: integer(0, 16, 0),
  CORS_ORIGINS: origins,
  RATE_LIMITING_ENABLED: switchOf(true),
  RATE_LIMIT_PER_MINUTE: integer(1, 10_000_000, 6000),
  PHI_SANITIZATION_ENABLED: switchOf(true),
  DEMO_USERS_ENABLED: z.enum(['true', 'false'], { error: 'must be true or false' }).optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be trace, debug, info, warn, error, fatal or silent',
    })
    .default('info'),
  BUNDLE_MAX_ENTRIES: integer(1, 100_000, 5000),
  BODY_LIMIT_BYTES: integer(1024, 1_073_741_824, 33_554_432),
  PAGE_SIZE: integer(1, 1000, 20),
  PAGE_SIZE_MAX: integer(1, 10_000, 1000),
  REFERENTIAL_INTEGRITY: switchOf(true),
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: httpUrl.transform(noTrailingSlash).optional(),
  MENTALLAMA_MODEL_MAPPINGS: modelMappings,
  XGBOOST_TREATMENT_RESPONSE_MODEL_PATH: text,
  XGBOOST_OUTCOME_PREDICTION_MODEL_PATH: text,
  XGBOOST_RISK_PREDICTION_MODEL_PATH: text,
  AWS_ACCESS_KEY_ID: text,
  AWS_SECRET_ACCESS_KEY: text,
  AWS_REGION: region,
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'must be a bucket name: 3 to 63 of a-z, 0-9, . and -' })
    .optional(),
  SES_FROM_ADDRESS: z.email({ error: 'must be an e-mail address' }).optional(),
  SES_REGION: region,
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/, { error: 'must be AC and 32 hexadecimal digits' })
    .optional(),
  TWILIO_AUTH_TOKEN: text,
  TWILIO_FROM_NUMBER: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, { error: 'must be a phone number in E.164 form such as +15551234567' })
    .optional(),
});

type Variables = z.infer<typeof VARIABLES>;

/** The variables' names. */
export const VARIABLE_NAMES = Object.keys(VARIABLES.shape) as readonly (keyof Variables)[];

/** Those that name a model; where the first is not set, the model that ships stands in. */
export const MODEL_PATHS = [
  'XGBOOST_RISK_PREDICTION_MODEL_PATH',
  'XGBOOST_TREATMENT_RESPONSE_MODEL_PATH',
  'XGBOOST_OUTCOME_PREDICTION_MODEL_PATH',
] as const satisfies readonly (keyof Variables)[];

/** The settings, read once, whole and frozen: every variable under its own name, and what follows from them. */
export interface Config extends Readonly<Omit<Variables, 'BASE_URL' | 'JWT_ISSUER' | 'DEMO_USERS_ENABLED'>> {
  /** Without trailing slash and without `/fhir`. */
  readonly BASE_URL: string;
  readonly JWT_ISSUER: string;
  readonly DEMO_USERS_ENABLED: boolean;
  /** The FHIR base that clients see: `BASE_URL/fhir`. */
  readonly fhirBase: string;
  readonly database:
    | { readonly kind: 'sqlite'; readonly file: string }
    | { readonly kind: 'mongo'; readonly url: string };
  /** Where generated keys are kept: beside the SQLite file, else `./data`. */
  readonly dataDirectory: string;
}

/**
 * Reads the settings from the environment (values in `.env` fill what is not set) and freezes them.
 * @throws ConfigError naming every wrong variable in one line.
 */
export function loadConfig(environment: NodeJS.ProcessEnv = withDotEnv()): Config {
  // An empty variable means the same as none: that is how compose files and shells pass what is not set.
  const set = Object.entries(environment).filter(([name, value]) => name in VARIABLES.shape && value !== '');
  const parsed = VARIABLES.safeParse(Object.fromEntries(set));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`);
    throw new ConfigError([...new Set(wrong)].join('; '));
  }
  return deriveFrom(parsed.data);
}

function deriveFrom(variables: Variables): Config {
  const local = variables.ENVIRONMENT === 'development' || variables.ENVIRONMENT === 'test';
  if (variables.PAGE_SIZE > variables.PAGE_SIZE_MAX) throw new ConfigError('PAGE_SIZE must not exceed PAGE_SIZE_MAX');
  if (variables.MASTER_KEY && variables.MASTER_KEY_FILE) {
    throw new ConfigError('MASTER_KEY and MASTER_KEY_FILE must not both be set');
  }
  const url = variables.DATABASE_URL;
  const database = url.startsWith('sqlite:')
    ? ({ kind: 'sqlite', file: resolve(url.slice('sqlite:'.length)) } as const)
    : ({ kind: 'mongo', url } as const);
  const host = ['0.0.0.0', '::', ''].includes(variables.HOST) ? 'localhost' : variables.HOST;
  const baseUrl = variables.BASE_URL ?? `http://${host.includes(':') ? `[${host}]` : host}:${variables.PORT}`;
  return Object.freeze({
    ...variables,
    BASE_URL: baseUrl,
    // Locally not a URL, so that a token made without PORT set is good for a server on another port.
    JWT_ISSUER: variables.JWT_ISSUER ?? (local ? 'urn:novamind:local' : baseUrl),
    DEMO_USERS_ENABLED: variables.DEMO_USERS_ENABLED === undefined ? local : variables.DEMO_USERS_ENABLED === 'true',
    TRUST_PROXY: variables.TRUST_PROXY === 0 && variables.TLS_TERMINATED_BY_PROXY ? 1 : variables.TRUST_PROXY,
    fhirBase: `${baseUrl}/fhir`,
    database: Object.freeze(database),
    dataDirectory: database.kind === 'sqlite' ? dirname(database.file) : resolve('data'),
  });
}

function withDotEnv(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}
