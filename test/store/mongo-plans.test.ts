import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { and, or, type Predicate, type Query } from '../../src/search/query.ts';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import type { Store } from '../../src/store/store.ts';
import { anyReplicaSet, mongoSuite } from '../mongod/suite.ts';
import { coded, draft, key, put, query, refersTo, sorted, UCUM } from './contract/made.ts';
import { profiled, type Ran } from './mongo-profile.ts';
import { fill, LOINC, MINUTE, OBSERVATIONS } from './mongo-plans-stock.ts';

const PAGE = 20;
/** Keys or documents of one command: twice a page, and what the ends and merged paths take. */
const LITTLE = 2 * PAGE + 20;

const mine = and(refersTo('patient', 'Patient', 'p3'), coded('code', '8867-4', LOINC));
const within = (range: Extract<Predicate, { kind: 'date' }>['range']): Predicate => ({
  kind: 'date',
  param: 'date',
  range,
});
const half = (OBSERVATIONS / 2) * MINUTE;
const newest = [sorted('date', 'date', true)];
const observations = (where: Predicate, more: Partial<Query> = {}): Query =>
  query('Observation', where, { count: PAGE, ...more });
const named = (match: 'starts' | 'contains' | 'exact', value: string): Predicate => ({
  kind: 'string',
  param: 'name',
  match,
  value,
});
const having = (value: number): Predicate => ({
  kind: 'quantity',
  param: 'value-quantity',
  range: { lowAtLeast: value - 0.5, highAtMost: value + 0.5 },
  unit: { by: 'coded', system: UCUM, code: '/min' },
});

await mongoSuite('what MongoDB does for each kind of request', (mongod) => {
  let store: Store;
  let url: string;
  afterAll(() => store?.close());
  const server = anyReplicaSet(mongod);
  beforeAll(async () => {
    url = await server.url(`novamind_test_${randomBytes(6).toString('hex')}`);
    store = await openMongoStore({ url, masterKey: Buffer.alloc(32, 7) });
    await fill(store);
    for (let n = 0; n < 60; n++)
      await store.commit({ changes: [put(draft('Observation', 'o7', { text: `version ${n}`, patient: 'p7' }))] });
  }, 120_000);

  const most = (ran: readonly Ran[], of: 'keys' | 'documents'): number => Math.max(0, ...ran.map((r) => r[of]));
  const told = (ran: readonly Ran[]) =>
    ran.map(({ collection, plan, keys, documents }) => ({ collection, plan, keys, documents }));

  describe('reads little more than the page, in the order of an index', () => {
    const searches: readonly (readonly [string, Query])[] = [
      ['patient, code and date', observations(and(mine, within({ highAtLeast: half })), { sort: newest })],
      ['patient, code and an earlier date', observations(and(mine, within({ lowBelow: half })), { sort: newest })],
      [
        'patient, code and a later date, oldest first',
        observations(and(mine, within({ highAtLeast: half })), { sort: [sorted('date', 'date')] }),
      ],
      ['patient alone', observations(refersTo('patient', 'Patient', 'p3'))],
      ['a code', observations(coded('code', '8867-4'))],
      ['a code with its system', observations(coded('code', '8867-4', LOINC))],
      ['a system alone', observations({ kind: 'token', param: 'code', match: { by: 'code', system: LOINC } })],
      ['an identifier', observations(coded('identifier', 'i77', 'urn:hub'))],
      [
        'an identifier of a type',
        observations({
          kind: 'token',
          param: 'identifier',
          match: { by: 'of-type', system: 'urn:v2', code: 'MR', value: 'i77' },
        }),
      ],
      ['a reference', observations(refersTo('encounter', 'Encounter', 'e7'))],
      ['either of two codes', observations(or(coded('code', '8867-4'), coded('code', '9279-1')))],
      ['what was updated lately', observations({ kind: 'lastUpdated', range: { lowAtLeast: 0 } })],
      [
        'a value that half of them lack',
        observations({ kind: 'missing', param: 'category', of: 'token', missing: true }),
      ],
      [
        'a value that half of them have',
        observations({ kind: 'missing', param: 'category', of: 'token', missing: false }),
      ],
      ['not a code', observations({ kind: 'not', of: coded('code', '8867-4') })],
      ['a whole type', observations({ kind: 'all' })],
      ['a whole type by date, newest first', observations({ kind: 'all' }, { sort: newest })],
      ['a whole type by date, oldest first', observations({ kind: 'all' }, { sort: [sorted('date', 'date')] })],
      ['a whole type by id', observations({ kind: 'all' }, { sort: [sorted('_id', 'id')] })],
      ['a whole type by last update', observations({ kind: 'all' }, { sort: [sorted('_lastUpdated', 'lastUpdated')] })],
      ['several types', { ...observations({ kind: 'all' }), types: ['Observation', 'Patient'] }],
      [
        'a chain, step by step',
        observations({ kind: 'chain', param: 'patient', type: 'Patient', where: named('starts', 'name3') }),
      ],
    ];
    const requests: readonly (readonly [string, () => Promise<unknown>, times?: number])[] = [
      ...searches.map(([name, asked]) => [name, () => store.search(asked)] as const),
      [
        'many searches at once',
        () => Promise.all(Array.from({ length: 12 }, () => store.search(observations(mine, { sort: newest })))),
        12,
      ],
      ['a read', () => store.read(key('Observation', 'o5'))],
      [
        'many reads at once',
        () => Promise.all(Array.from({ length: PAGE }, (_, n) => store.read(key('Observation', `o${n}`)))),
      ],
      ['a version', () => store.vread(key('Observation', 'o7'), 3)],
      ['several reads', () => store.readMany([key('Observation', 'o5'), key('Patient', 'p1')])],
      [
        'the targets of an include',
        () => store.targets([key('Observation', 'o5'), key('Observation', 'o6')], 'patient'),
      ],
      ['the history of an instance', () => store.history({ type: 'Observation', id: 'o7', count: PAGE })],
      ['the history of a type', () => store.history({ type: 'Observation', count: PAGE })],
      ['the history of everything', () => store.history({ count: PAGE })],
      ['what changed after a transaction', async () => store.changes((await store.lastTransaction()) - 10, PAGE)],
      ['the count of a type', () => store.count(['Observation'], { kind: 'all' })],
      ['the audit of a patient', () => store.audit.find({ terms: [['patient/p3']], limit: PAGE })],
      ['the latest audit', () => store.audit.find({ terms: [], limit: PAGE })],
      ['a commit', () => store.commit({ changes: [put(draft('Basic', 'b'))], requires: [key('Patient', 'p1')] })],
    ];
    test.each(requests)('%s', async (_, request, times = 1) => {
      const ran = await profiled(url, request);
      expect(told(ran).filter(({ plan }) => plan.includes('COLLSCAN'))).toEqual([]);
      expect(ran.filter((r) => r.sorted || r.stages.includes('SORT'))).toEqual([]);
      expect(ran.length).toBeGreaterThan(0);
      expect(told(ran).filter((r) => Math.max(r.keys, r.documents) > times * LITTLE)).toEqual([]);
    });
  });

  /** No index has these values in the order asked: what matches is read, and sorted. */
  describe('reads what matches and no more', () => {
    const table: readonly (readonly [string, Query, number])[] = [
      ['a name that begins so', query('Patient', named('starts', 'name3')), 1],
      ['a name', query('Patient', named('exact', 'Name3')), 1],
      ['a uri', query('Patient', { kind: 'uri', param: 'link', match: 'exact', value: 'http://example.org/3/a' }), 1],
      [
        'below a uri',
        query('Patient', { kind: 'uri', param: 'link', match: 'below', value: 'http://example.org/3/' }),
        1,
      ],
      ['a number', query('Patient', { kind: 'number', param: 'age', range: { lowAtLeast: 2.5, highAtMost: 3.5 } }), 1],
      ['a quantity', observations(having(77)), 10],
      ['a date', observations(within({ lowAtLeast: half, highAtMost: half + 9 * MINUTE })), 10],
      [
        'the text of a code',
        observations({ kind: 'token', param: 'code', match: { by: 'text', folded: 'text 77' } }),
        10,
      ],
      ['ids', observations({ kind: 'id', ids: ['o9', 'o10'] }), 2],
      ['words of the narrative', observations({ kind: 'fulltext', param: '_text', phrase: ['w77'] }), 10],
    ];
    test.each(table)('%s', async (_, asked, matches) => {
      const ran = await profiled(url, async () => expect((await store.search(asked)).matches).toHaveLength(matches));
      expect(told(ran).filter(({ plan }) => plan.includes('COLLSCAN'))).toEqual([]);
      expect(most(ran, 'keys')).toBeLessThanOrEqual(2 * matches + 10);
      expect(most(ran, 'documents')).toBeLessThanOrEqual(2 * matches + 10);
    });

    test('a count reads the keys of what it counts', async () => {
      const asked = and(mine, within({ highAtLeast: half, lowBelow: half + 600 * MINUTE }));
      let counted = 0;
      const ran = await profiled(url, async () => {
        counted = await store.count(['Observation'], asked);
      });
      expect(counted).toBeGreaterThan(10);
      expect(most(ran, 'keys')).toBeLessThanOrEqual(2 * counted + 10);
    });
  });

  /** Reason by name; none of them reads documents that its index does not lead to. */
  describe('walks further where it must', () => {
    const table: readonly (readonly [string, string, Query])[] = [
      [
        'part of a name',
        'no index has the middle of a string: the values of the parameter are walked',
        query('Patient', named('contains', 'me3')),
      ],
      [
        'what nearly all have is missing',
        'absence has no key: the type is walked by recency',
        observations({ kind: 'missing', param: 'code', of: 'token', missing: true }),
      ],
      [
        'not what nearly all are',
        'absence has no key: the type is walked by recency',
        observations({ kind: 'not', of: coded('status', 'final') }),
      ],
      [
        'an order by a value',
        'each parameter would need an index of its own: matches are read and sorted',
        observations(coded('code', '2708-6'), { sort: [sorted('value-quantity', 'quantity')] }),
      ],
      [
        'a composite',
        'components share one element: the resources with the code are read',
        observations({
          kind: 'composite',
          param: 'code-value',
          components: [coded('code-value$0', '8867-4'), { ...having(77), param: 'code-value$1' }] as Predicate[],
        }),
      ],
      [
        'who has a code',
        'the referring resources with the code are read, for what they refer to',
        query('Patient', { kind: 'has', source: 'Observation', param: 'patient', where: coded('code', '8867-4') }),
      ],
    ];
    test.each(table)('%s: %s', async (_, __, asked) => {
      const ran = await profiled(url, () => store.search(asked));
      expect(told(ran).filter(({ plan }) => plan.includes('COLLSCAN'))).toEqual([]);
      expect(most(ran, 'documents')).toBeLessThanOrEqual(OBSERVATIONS + 1);
    });
  });
});
