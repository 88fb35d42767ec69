import { accessSync, constants } from 'node:fs';
import { type Config, MODEL_PATHS, VARIABLE_NAMES } from './config.ts';

const SECRETS: ReadonlySet<string> = new Set([
  'JWT_SECRET_KEY',
  'MASTER_KEY',
  'OPENAI_API_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
]);

/** What makes these settings unfit for production, each as a line that names the variable; empty elsewhere. */
export function insecureDefaults(config: Config): readonly string[] {
  if (config.ENVIRONMENT !== 'production') return [];
  const refusals: readonly (readonly [boolean, string])[] = [
    [config.JWT_SECRET_KEY === undefined, 'JWT_SECRET_KEY is not set (a generated key is for development)'],
    [
      config.MASTER_KEY === undefined && config.MASTER_KEY_FILE === undefined,
      'MASTER_KEY or MASTER_KEY_FILE is not set (a generated key is for development)',
    ],
    [!config.TLS_TERMINATED_BY_PROXY, 'TLS_TERMINATED_BY_PROXY is not true (the server speaks plain HTTP)'],
    [!config.BASE_URL.startsWith('https://'), 'BASE_URL is not https'],
    [config.DEMO_USERS_ENABLED, 'DEMO_USERS_ENABLED is true'],
    [!config.PHI_SANITIZATION_ENABLED, 'PHI_SANITIZATION_ENABLED is false'],
    [config.CORS_ORIGINS.includes('*'), 'CORS_ORIGINS allows every origin'],
    [config.MONGODB_ALLOW_STANDALONE, 'MONGODB_ALLOW_STANDALONE is true (no transactions, no majority)'],
  ];
  return refusals.flatMap(([insecure, line]) => (insecure ? [line] : []));
}

/** The settings in effect, a line a variable, secrets masked: for `npm start -- --check`. */
export function effectiveConfig(config: Config): string {
  return VARIABLE_NAMES.map((name) => `${name}=${shown(name, config[name])}`).join('\n');
}

function shown(name: string, value: unknown): string {
  if (value === undefined) return '(not set)';
  if (SECRETS.has(name)) return '********';
  if (Array.isArray(value)) return value.join(',');
  if (typeof value === 'object') return JSON.stringify(value);
  // Credentials inside a URL are secrets too.
  return String(value)
    .replace(/\/\/[^/?#]*@/, '//********@')
    .replace(/([?&](?:[^=&]*(?:key|token|secret|password|sig)[^=&]*|authMechanismProperties)=)[^&]*/gi, '$1********');
}

/** Files that settings name and that cannot be read, each as a line that names the variable. */
export function unreadableFiles(config: Config): readonly string[] {
  const names = ['MASTER_KEY_FILE', ...MODEL_PATHS] as const;
  return names.flatMap((name) => {
    const path = config[name];
    if (path === undefined) return [];
    try {
      accessSync(path, constants.R_OK);
      return [];
    } catch {
      return [`${name} cannot be read: ${path}`];
    }
  });
}
