import { importBundled } from './scripts/bundled.mjs';

const common = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testEnvironment: 'node',
};

/** What a client can see, tested through interactions and HTTP, holds on both stores: these folders run on each. */
const ON_BOTH_STORES = ['http', 'interactions', 'operation', 'operations', 'subscriptions'];

/** @returns {Promise<import('jest').Config>} */
export default async () => {
  const { describeMongod, locateMongod } = await importBundled('test/mongod/locate.ts');
  const { describeChromium, locateChromium } = await importBundled('test/browser/chromium.ts');
  const mongod = await locateMongod();
  const chromium = await locateChromium();
  // A developer without a mongod or a browser gets a line; CI must have both.
  if (mongod.kind === 'none' && process.env.CI) throw new Error(`CI must run the MongoDB half: ${mongod.reason}`);
  if (chromium.kind === 'none' && process.env.CI) throw new Error(`CI must test in a browser: ${chromium.reason}`);
  return {
    testTimeout: 30_000,
    // Both cores of a small machine. Each suite leaves its modules in memory: a worker starts afresh in time.
    maxWorkers: 2,
    workerIdleMemoryLimit: '1.5GB',
    // A failed test may leave a server or a connection behind; the run ends all the same.
    forceExit: true,
    reporters: [
      'default',
      ['<rootDir>/test/closing-line.mjs', { found: [describeMongod(mongod), describeChromium(chromium)] }],
    ],
    projects: [
      {
        ...common,
        displayName: 'embedded',
        testMatch: ['<rootDir>/test/**/*.test.ts'],
        testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
      },
      ...(chromium.kind === 'none'
        ? []
        : [
            {
              ...common,
              displayName: 'browser',
              testMatch: ['<rootDir>/test/browser/*.test.ts'],
              globalSetup: '<rootDir>/test/browser/global-setup.mjs',
            },
          ]),
      ...(mongod.kind === 'none'
        ? []
        : [
            {
              ...common,
              displayName: 'mongodb',
              testMatch: ON_BOTH_STORES.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
              globals: { STORE_UNDER_TEST: 'mongo' },
              globalSetup: '<rootDir>/test/mongod/global-setup.mjs',
              globalTeardown: '<rootDir>/test/mongod/global-teardown.mjs',
            },
          ]),
    ],
  };
};
