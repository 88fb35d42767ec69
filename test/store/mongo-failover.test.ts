import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import type { Commit, Store } from '../../src/store/store.ts';
import { type ReplicaSet, startReplicaSet } from '../mongod/replica-set.ts';
import { mongoSuite } from '../mongod/suite.ts';
import { draft, key, put, query, token } from './contract/made.ts';

const CHANGES = 5;
const masterKey = randomBytes(32);

interface Attempt {
  readonly id: string;
  outcome: 'pending' | 'committed' | 'unavailable';
}

/** One bundle: new resources, and one that every writer updates, which tells how often each bundle was applied. */
const bundle = (id: string): Commit => ({
  changes: [
    ...Array.from({ length: CHANGES }, (_, n) =>
      put(draft('Observation', `${id}-${n}`, { values: [token('code', 'urn:bundle', id)], patient: id }), {
        kind: 'absent',
      }),
    ),
    put(draft('Group', `counter-${id.slice(0, 1)}`, { text: id })),
  ],
  audit: [{ at: Date.now(), text: id, terms: ['bundle'] }],
  receipt: { key: id, answer: Buffer.from(id), expires: Date.now() + 3_600_000 },
});

await mongoSuite('a primary killed with kill -9 under load', (mongod) => {
  if (mongod.kind !== 'binary') {
    test.skip('needs members that it may kill: MONGODB_TEST_URI names a running server', () => undefined);
    return;
  }
  let set: ReplicaSet;
  let stores: Store[] = [];
  beforeAll(async () => {
    set = await startReplicaSet(mongod.path, 3);
    const url = set.url('failover');
    // Two processes' worth of writers: the second one's groups collide with the first one's.
    stores = [await openMongoStore({ url, masterKey }), await openMongoStore({ url, masterKey })];
  }, 60_000);
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await set?.stop();
  }, 60_000);

  test('writes go on after the election; nothing is lost, half there, or applied twice', async () => {
    const attempts: Attempt[] = [];
    const unexpected: unknown[] = [];
    let running = true;
    let killed = 0;
    let back = 0;
    const committedSince = (time: number): boolean => time > 0 && back > time;

    const writer = async (name: string, store: Store): Promise<void> => {
      for (let n = 0; running; n++) {
        const attempt: Attempt = { id: `${name}${n}`, outcome: 'pending' };
        attempts.push(attempt);
        const started = Date.now();
        try {
          const result = await store.commit(bundle(attempt.id));
          attempt.outcome = result.kind === 'committed' ? 'committed' : attempt.outcome;
          if (result.kind !== 'committed') unexpected.push(result);
          if (killed > 0 && started > killed && back === 0) back = Date.now();
        } catch (error) {
          attempt.outcome = 'unavailable';
          if (!(error instanceof Error && 'kind' in error && error.kind === 'unavailable')) unexpected.push(error);
        }
      }
    };
    const load = Promise.all(
      stores.flatMap((store, n) => [...(n === 0 ? 'abc' : 'def')].map((name) => writer(name, store))),
    );
    const many = (): number => attempts.filter((a) => a.outcome === 'committed').length;
    await until(() => many() > 60, 20_000);

    const before = many();
    await set.kill(await set.primary());
    killed = Date.now();
    await until(() => committedSince(killed) && many() > before + 60, 40_000);
    running = false;
    await load;

    expect(unexpected).toEqual([]);
    const [store] = stores;
    if (!store) throw new Error('no store');
    for (const { id, outcome } of attempts) {
      const found = await store.search(
        query('Observation', { kind: 'token', param: 'code', match: { by: 'code', system: 'urn:bundle', code: id } }),
      );
      if (outcome === 'committed') expect([id, found.matches.length]).toEqual([id, CHANGES]);
      else expect([0, CHANGES]).toContain(found.matches.length);
      expect(found.matches.every((m) => m.version === 1)).toBe(true);
    }
    // The counters have one version for each bundle that was applied, and no more.
    const applied = await store.count(['Observation'], { kind: 'all' });
    let versions = 0;
    for (const name of 'abcdef') versions += (await store.read(key('Group', `counter-${name}`)))?.version ?? 0;
    expect(versions).toBe(applied / CHANGES);
    expect(versions).toBeGreaterThanOrEqual(many());
    expect((await store.audit.verify()).broken).toBeUndefined();

    // The feed tells every transaction whole, and in order.
    let told = 0;
    for (let after = 0; ; ) {
      const changes = await store.changes(after, 500);
      const last = changes.at(-1);
      if (!last) break;
      expect(changes.every((c, i) => c.transaction >= (changes[i - 1]?.transaction ?? after))).toBe(true);
      told += changes.length;
      after = last.transaction;
    }
    expect(told).toBe(applied + versions);
    console.info(`failover: ${before} bundles before, ${many() - before} after, writes back in ${back - killed} ms`);
  }, 90_000);

  test('a bundle sent again after an unknown outcome is answered with the first answer', async () => {
    const [store] = stores;
    const again = await store?.commit(bundle('a0'));
    expect(again).toEqual({ kind: 'replayed', answer: Buffer.from('a0') });
  });

  test('with no majority left, requests are refused as unavailable, and served again when it is back', async () => {
    const url = `${set.url('failover')}&serverSelectionTimeoutMS=1500`;
    const store = await openMongoStore({ url, masterKey, patience: 3000 });
    try {
      const alive = set.members.filter((m) => m.process.exitCode === null && m.process.signalCode === null);
      const primary = await set.primary();
      await set.kill(primary);
      await expect(store.commit(bundle('z1'))).rejects.toMatchObject({ kind: 'unavailable', status: 503 });
      await expect(store.read(key('Group', 'counter-a'))).rejects.toMatchObject({ kind: 'unavailable' });
      await expect(store.ready()).rejects.toMatchObject({ kind: 'unavailable' });
      expect(alive.length).toBe(2);
      await set.restart(primary);
      await until(
        () =>
          store.ready().then(
            () => true,
            () => false,
          ),
        30_000,
      );
      const result = await store.commit(bundle('z1'));
      expect(['committed', 'replayed']).toContain(result.kind);
    } finally {
      await store.close();
    }
  }, 90_000);
});

async function until(holds: () => boolean | Promise<boolean>, within: number): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${within} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
