import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { and, type Predicate } from '../../src/search/query.ts';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import { anyReplicaSet, mongoSuite } from '../mongod/suite.ts';
import { coded, committed, date, draft, ids, put, query, reference, refersTo, sorted, token } from './contract/made.ts';

const DAY = 86_400_000;
const NOON = 40 * DAY;
const masterKey = Buffer.alloc(32, 7);

await mongoSuite('a MongoDB database of an earlier version', (mongod) => {
  const server = anyReplicaSet(mongod);

  test('is served: its indexes are replaced, and what lies on its paths is found beside what is written now', async () => {
    const url = await server.url(`novamind_test_${randomBytes(6).toString('hex')}`);
    const observation = (id: string, low: number, high: number) =>
      put(
        draft('Observation', id, {
          patient: 'p',
          values: [reference('subject', 'Patient', 'p'), token('code', 'urn:l', 'hr'), date('date', low, high)],
        }),
      );
    const before = await openMongoStore({ url, masterKey });
    // Earlier versions kept dates of every length on the path that now is of long ones.
    await committed(before, [observation('old', 0, 1000 * DAY)]);
    await before.close();
    const client = new mongoose.mongo.MongoClient(url);
    const resources = client.db().collection<{ _id: string }>('resources');
    const instant = { date: NOON, dateEnd: NOON, 'dat.0.l': NOON, 'dat.0.h': NOON };
    await resources.updateOne({ _id: 'Observation/old' }, { $set: instant });
    for (const name of ['type_rising', 'type_falling', 'patient_rising', 'patient_falling', 'patient_newest'])
      await resources.dropIndex(name);
    await resources.createIndexes([
      { key: { type: 1, live: 1, date: -1, seq: -1 }, name: 'type_date' },
      { key: { pkey: 1, date: -1, seq: -1, dateEnd: 1 }, name: 'patient_date' },
      { key: { pkey: 1, seq: -1 }, name: 'patient_recent' },
    ]);

    const store = await openMongoStore({ url, masterKey });
    const names = (await resources.indexes()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['patient_rising', 'patient_falling', 'patient_newest']));
    expect(names).not.toEqual(expect.arrayContaining(['patient_date']));
    await committed(store, [observation('new', NOON + 1, NOON + 1), observation('early', NOON - DAY, NOON - DAY)]);
    const found = (range: Extract<Predicate, { kind: 'date' }>['range'], descending: boolean) => {
      const where = and(refersTo('subject', 'Patient', 'p'), coded('code', 'hr'), {
        kind: 'date',
        param: 'date',
        range,
      });
      return ids(store, query('Observation', where, { sort: [sorted('date', 'date', descending)] }));
    };
    expect(await found({ highAtLeast: NOON }, true)).toEqual(['new', 'old']);
    expect(await found({ highAtLeast: NOON }, false)).toEqual(['old', 'new']);
    expect(await found({ lowAtMost: NOON }, true)).toEqual(['old', 'early']);
    expect(await found({ lowAtMost: NOON }, false)).toEqual(['early', 'old']);
    await store.close();
    await client.db().dropDatabase();
    await client.close();
  });
});
