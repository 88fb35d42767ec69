import { afterAll, describe, test } from '@jest/globals';
import { describeMongod, locateMongod, type Mongod } from './locate.ts';
import { type ReplicaSet, startReplicaSet } from './replica-set.ts';

let found: Promise<Mongod> | undefined;

/**
 * A describe that needs a real MongoDB. Where none can be had, CI fails and a developer's machine says so in one line.
 * `define` gets the program; a suite that only needs an address calls `anyReplicaSet`.
 */
export async function mongoSuite(
  title: string,
  define: (mongod: Exclude<Mongod, { kind: 'none' }>) => void,
): Promise<void> {
  found ??= locateMongod();
  const mongod = await found;
  console.info(describeMongod(mongod));
  if (mongod.kind !== 'none') describe(title, () => define(mongod));
  else if (process.env['CI']) {
    test(title, () => {
      throw new Error(`CI must run the MongoDB half: ${mongod.reason}`);
    });
  } else {
    describe.skip(title, () => {
      test('needs a mongod', () => undefined);
    });
  }
}

/** A one-member replica set of our own, or the one that MONGODB_TEST_URI names; stopped after the suite. */
export function anyReplicaSet(mongod: Exclude<Mongod, { kind: 'none' }>): { url(database: string): Promise<string> } {
  let set: Promise<ReplicaSet> | undefined;
  afterAll(async () => {
    await (await set)?.stop();
  });
  return {
    async url(database) {
      if (mongod.kind === 'uri') {
        const url = new URL(mongod.uri);
        url.pathname = `/${database}`;
        return url.href;
      }
      set ??= startReplicaSet(mongod.path, 1);
      return (await set).url(database);
    },
  };
}
