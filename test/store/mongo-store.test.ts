import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import { anyReplicaSet, mongoSuite } from '../mongod/suite.ts';
import { startReplicaSet } from '../mongod/replica-set.ts';
import { draft, put } from './contract/made.ts';
import { storeContract } from './store-contract.ts';

const { BSON, MongoClient } = mongoose.mongo;
const masterKey = Buffer.alloc(32, 7);

const freshName = (): string => `novamind_test_${randomBytes(6).toString('hex')}`;

/** Every document of every collection as BSON: what a dump or a stolen disk holds. */
async function dump(url: string): Promise<Buffer> {
  const client = new MongoClient(url);
  try {
    const parts: Uint8Array[] = [];
    for (const collection of await client.db().collections())
      for await (const document of collection.find()) parts.push(BSON.serialize(document));
    return Buffer.concat(parts);
  } finally {
    await client.close();
  }
}

async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url);
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}

await mongoSuite('on a real MongoDB', (mongod) => {
  const server = anyReplicaSet(mongod);

  storeContract('mongo', async ({ place, now }) => {
    const url = place ?? (await server.url(freshName()));
    const store = await openMongoStore({ url, masterKey, ...(now && { now }) });
    return {
      store,
      place: url,
      rawBytes: () => dump(url),
      remove: async () => {
        await store.close();
        await dropDatabase(url);
      },
    };
  });

  test('it does not serve without its indexes, and names those it lacks', async () => {
    const url = await server.url(freshName());
    await (await openMongoStore({ url, masterKey })).close();
    const client = new MongoClient(url);
    await client.db().collection('resources').dropIndex('patient_falling');
    await expect(openMongoStore({ url, masterKey, indexes: 'verify' })).rejects.toThrow('resources.patient_falling');
    await (await openMongoStore({ url, masterKey })).close();
    await (await openMongoStore({ url, masterKey, indexes: 'verify' })).close();
    await client.db().dropDatabase();
    await client.close();
  });

  test('a resource that no document can hold is refused with the limit, and nothing of its commit is stored', async () => {
    const url = await server.url(freshName());
    const store = await openMongoStore({ url, masterKey });
    const small = put(draft('Patient', 'small'));
    const huge = put(draft('Patient', 'huge', { text: 'x'.repeat(17 * 2 ** 20) }));
    await expect(store.commit({ changes: [small, huge] })).rejects.toMatchObject({ kind: 'too-large' });
    expect(await store.read({ type: 'Patient', id: 'small' })).toBeUndefined();
    await store.close();
    await dropDatabase(url);
  });

  test('another master key stops the start', async () => {
    const url = await server.url(freshName());
    await (await openMongoStore({ url, masterKey })).close();
    await expect(openMongoStore({ url, masterKey: Buffer.alloc(32, 8) })).rejects.toThrow('master key');
    await dropDatabase(url);
  });

  test('where nobody answers the store is unavailable', async () => {
    const url = 'mongodb://127.0.0.1:9/none?serverSelectionTimeoutMS=300';
    await expect(openMongoStore({ url, masterKey })).rejects.toMatchObject({ kind: 'unavailable' });
  });

  if (mongod.kind === 'binary')
    test('a standalone mongod is refused, unless it is allowed for development', async () => {
      const alone = await startReplicaSet(mongod.path, 0);
      try {
        const url = alone.url('novamind');
        await expect(openMongoStore({ url, masterKey })).rejects.toThrow('standalone');
        const store = await openMongoStore({ url, masterKey, allowStandalone: true });
        const body = Buffer.from('{"resourceType":"Patient","id":"a","meta":{}}');
        const draft = { type: 'Patient', id: 'a', body, values: [], patient: 'a', indexed: '' };
        const result = await store.commit({
          changes: [{ kind: 'put', method: 'PUT', draft, expect: { kind: 'any' } }],
        });
        expect(result.kind).toBe('committed');
        expect((await store.read({ type: 'Patient', id: 'a' }))?.version).toBe(1);
        await store.close();
      } finally {
        await alone.stop();
      }
    });
});
