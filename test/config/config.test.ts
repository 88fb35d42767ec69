import { describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '../../src/config.ts';
import { effectiveConfig, insecureDefaults, unreadableFiles } from '../../src/config-check.ts';

const production = {
  ENVIRONMENT: 'production',
  BASE_URL: 'https://fhir.example.org',
  JWT_SECRET_KEY: 'x'.repeat(32),
  MASTER_KEY: 'ab'.repeat(32),
  TLS_TERMINATED_BY_PROXY: 'true',
};

describe('configuration', () => {
  test('nothing set serves the embedded store on the loopback address', () => {
    const config = loadConfig({});
    expect(config.fhirBase).toBe('http://127.0.0.1:3000/fhir');
    expect(config.database.kind).toBe('sqlite');
    expect(config.REFERENTIAL_INTEGRITY).toBe(true);
    expect(Object.isFrozen(config)).toBe(true);
  });

  test.each([
    ['ENVIRONMENT', 'prod'],
    ['PORT', '70000'],
    ['PORT', '3000x'],
    ['BASE_URL', 'localhost'],
    ['BASE_URL', 'ftp://example.org'],
    ['DATABASE_URL', 'postgres://localhost/x'],
    ['DATABASE_URL', 'sqlite:'],
    ['JWT_SECRET_KEY', 'short'],
    ['MASTER_KEY', 'not a key'],
    ['MONGODB_ALLOW_STANDALONE', 'yes'],
    ['TLS_TERMINATED_BY_PROXY', 'maybe'],
    ['TRUST_PROXY', '-1'],
    ['CORS_ORIGINS', 'app.example.org'],
    ['RATE_LIMITING_ENABLED', 'on'],
    ['RATE_LIMIT_PER_MINUTE', '0'],
    ['PHI_SANITIZATION_ENABLED', 'nope'],
    ['DEMO_USERS_ENABLED', 'x'],
    ['LOG_LEVEL', 'loud'],
    ['BUNDLE_MAX_ENTRIES', '0'],
    ['BODY_LIMIT_BYTES', '1'],
    ['PAGE_SIZE', '100000'],
    ['PAGE_SIZE_MAX', '-5'],
    ['REFERENTIAL_INTEGRITY', 'off'],
    ['OPENAI_BASE_URL', 'api'],
    ['MENTALLAMA_MODEL_MAPPINGS', '{"note":1}'],
    ['MENTALLAMA_MODEL_MAPPINGS', '{note}'],
    ['SES_FROM_ADDRESS', 'nobody'],
    ['TWILIO_FROM_NUMBER', '0555'],
  ])('a wrong %s (%s) is refused in one line that names it', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => loadConfig({ [name]: value })).toThrow(new RegExp(`^${name} [^\\n]+$`));
  });

  test('a base URL with a query or fragment is refused: no address below it could be made', () => {
    for (const url of ['https://a.example?x', 'https://a.example/#y']) {
      expect(() => loadConfig({ BASE_URL: url })).toThrow(/BASE_URL must have no query/);
    }
  });

  test('every wrong variable is named, not only the first', () => {
    expect(() => loadConfig({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow(/PORT .*LOG_LEVEL /);
  });

  test('an empty variable counts as not set', () => {
    expect(loadConfig({ PORT: '', OPENAI_API_KEY: '' })).toMatchObject({ PORT: 3000 });
    expect(loadConfig({ OPENAI_API_KEY: '' }).OPENAI_API_KEY).toBeUndefined();
  });

  test('the address of a wildcard host is one that a client can open', () => {
    expect(loadConfig({ HOST: '0.0.0.0', PORT: '8080' }).BASE_URL).toBe('http://localhost:8080');
  });

  test('a proxy that terminates TLS is trusted for the client address', () => {
    expect(loadConfig({ TLS_TERMINATED_BY_PROXY: 'true' }).TRUST_PROXY).toBe(1);
  });
});

describe('production', () => {
  test('complete settings are accepted', () => {
    expect(insecureDefaults(loadConfig(production))).toEqual([]);
  });

  test('bare defaults are refused, each by its name', () => {
    const refusals = insecureDefaults(loadConfig({ ENVIRONMENT: 'production' })).join('\n');
    for (const name of ['JWT_SECRET_KEY', 'MASTER_KEY', 'TLS_TERMINATED_BY_PROXY', 'BASE_URL']) {
      expect(refusals).toContain(name);
    }
  });

  test.each([
    ['JWT_SECRET_KEY', ''],
    ['MASTER_KEY', ''],
    ['TLS_TERMINATED_BY_PROXY', 'false'],
    ['BASE_URL', 'http://fhir.example.org'],
    ['DEMO_USERS_ENABLED', 'true'],
    ['PHI_SANITIZATION_ENABLED', 'false'],
    ['CORS_ORIGINS', '*'],
    ['MONGODB_ALLOW_STANDALONE', 'true'],
  ])('%s=%s is refused by name and nothing else is', (name, value) => {
    const refusals = insecureDefaults(loadConfig({ ...production, [name]: value }));
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toContain(name);
  });

  test('development accepts what production refuses', () => {
    expect(insecureDefaults(loadConfig({ PHI_SANITIZATION_ENABLED: 'false' }))).toEqual([]);
  });
});

test('the effective settings are shown with every secret masked', () => {
  const shown = effectiveConfig(
    loadConfig({
      ...production,
      DATABASE_URL: 'mongodb://root:hunter2@db/novamind',
      OPENAI_API_KEY: 'sk-secret',
      TWILIO_AUTH_TOKEN: 'twilio-secret',
      OPENAI_BASE_URL: 'https://me:pass-secret@llm.example/v1?api_key=query-secret',
      AWS_SECRET_ACCESS_KEY: 'aws-secret',
    }),
  );
  expect(shown).toContain('ENVIRONMENT=production');
  expect(shown).toContain('mongodb://********@db/novamind');
  expect(shown).toContain('XGBOOST_RISK_PREDICTION_MODEL_PATH=(not set)');
  for (const secret of [
    'pass-secret',
    'query-secret',
    'hunter2',
    'sk-secret',
    'twilio-secret',
    'aws-secret',
    'x'.repeat(32),
    'ab'.repeat(32),
  ]) {
    expect(shown).not.toContain(secret);
  }
});

test('files that cannot be read are named with their variables', () => {
  const lines = unreadableFiles(
    loadConfig({ MASTER_KEY_FILE: '/nowhere/key', XGBOOST_RISK_PREDICTION_MODEL_PATH: '/nowhere/model' }),
  );
  expect(lines).toEqual([
    'MASTER_KEY_FILE cannot be read: /nowhere/key',
    'XGBOOST_RISK_PREDICTION_MODEL_PATH cannot be read: /nowhere/model',
  ]);
});

test.each([
  ['AWS_REGION', 'not a region'],
  ['SES_REGION', 'zz'],
  ['S3_BUCKET', 'UPPER_!'],
  ['TWILIO_ACCOUNT_SID', 'zzz'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => loadConfig({ [name]: value })).toThrow(name);
});
