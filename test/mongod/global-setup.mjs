// Before the tests that run a second time, on MongoDB: one replica set for all of them.
import { importBundled } from '../../scripts/bundled.mjs';

export default async function setUp() {
  const { locateMongod } = await importBundled('test/mongod/locate.ts');
  const { startReplicaSet } = await importBundled('test/mongod/replica-set.ts');
  const mongod = await locateMongod();
  if (mongod.kind === 'none') throw new Error(`no MongoDB: ${mongod.reason}`);
  if (mongod.kind === 'uri') {
    process.env.TEST_MONGODB_URL = mongod.uri;
    return;
  }
  const set = await startReplicaSet(mongod.path, 1);
  globalThis.replicaSetUnderTest = set;
  process.env.TEST_MONGODB_URL = set.url('DATABASE');
}
