import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { and, type Predicate, type Query } from '../../src/search/query.ts';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import type { Store } from '../../src/store/store.ts';
import { anyReplicaSet, mongoSuite } from '../mongod/suite.ts';
import { coded, date, draft, put, quantity, query, reference, refersTo, sorted, text, token } from './contract/made.ts';

const PATIENTS = 10;
const OBSERVATIONS = 4000;
const PAGE = 20;
const LOINC = 'http://loinc.org';
const MINUTE = 60_000;

/** Every value of a member of that name anywhere in a plan. */
function all(plan: unknown, name: string): unknown[] {
  if (typeof plan !== 'object' || plan === null) return [];
  return Object.entries(plan).flatMap(([key, value]) => [...(key === name ? [value] : []), ...all(value, name)]);
}

interface Cost {
  readonly stages: readonly unknown[];
  readonly keys: number;
  readonly documents: number;
}

await mongoSuite('plans of searches on MongoDB', (mongod) => {
  let store: Store;
  // Before the server's own hook: the first defined runs first.
  afterAll(() => store?.close());
  const server = anyReplicaSet(mongod);
  beforeAll(async () => {
    const url = await server.url(`novamind_test_${randomBytes(6).toString('hex')}`);
    store = await openMongoStore({ url, masterKey: Buffer.alloc(32, 7) });
    const rows = Array.from({ length: OBSERVATIONS }, (_, n) => {
      const patient = `p${n % PATIENTS}`;
      const values = [
        reference('subject', 'Patient', patient),
        reference('patient', 'Patient', patient),
        token('code', LOINC, ['8867-4', '9279-1', '2708-6'][Math.floor(n / PATIENTS) % 3] ?? ''),
        token('status', 'urn:status', 'final'),
        token('identifier', 'urn:hub', `i${n}`),
        quantity('value-quantity', n % 200, '/min'),
        date('date', ((n * 7919) % OBSERVATIONS) * MINUTE),
      ];
      return put(draft('Observation', `o${n}`, { values, patient }));
    });
    for (let n = 0; n < rows.length; n += 500) await store.commit({ changes: rows.slice(n, n + 500) });
    await store.commit({
      changes: Array.from({ length: PATIENTS }, (_, n) =>
        put(draft('Patient', `p${n}`, { values: [text('name', `Name${n}`)], patient: `p${n}` })),
      ),
    });
  }, 60_000);

  async function cost(asked: Query): Promise<Cost> {
    const plan = await store.explain(asked);
    const winning = all(plan, 'winningPlan');
    return {
      stages: winning.flatMap((w) => all(w, 'stage')),
      keys: all(plan, 'totalKeysExamined')
        .map(Number)
        .reduce((a, b) => a + b, 0),
      documents: all(plan, 'totalDocsExamined')
        .map(Number)
        .reduce((a, b) => a + b, 0),
    };
  }
  const of = (where: Predicate, more: Partial<Query> = {}): Query =>
    query('Observation', where, { count: PAGE, ...more });
  const newest = [sorted('date', 'date', true)];
  const oldest = [sorted('date', 'date', false)];
  const mine = and(refersTo('patient', 'Patient', 'p3'), coded('code', '8867-4', LOINC));
  const within = (range: Extract<Predicate, { kind: 'date' }>['range']): Predicate => ({
    kind: 'date',
    param: 'date',
    range,
  });
  const half = (OBSERVATIONS / 2) * MINUTE;

  describe('read little more than the page, in order, from one index', () => {
    const table: readonly (readonly [string, Query])[] = [
      ['patient and code, newest date first', of(mine, { sort: newest })],
      ['patient and code, oldest date first', of(mine, { sort: oldest })],
      ['patient and code since a date', of(and(mine, within({ highAtLeast: half })), { sort: newest })],
      ['patient and code before a date', of(and(mine, within({ lowBelow: half })), { sort: newest })],
      [
        'patient and code within a time',
        of(and(mine, within({ lowAtLeast: half / 2, highAtMost: half })), { sort: oldest }),
      ],
      ['a later page', of(mine, { sort: newest, cursor: { direction: 'next', position: [half, 1_000_000_000] } })],
      ['the page before', of(mine, { sort: newest, cursor: { direction: 'previous', position: [half, 1] } })],
      ['patient and code, last recorded first', of(mine)],
      ['patient alone by date', of(refersTo('patient', 'Patient', 'p3'), { sort: newest })],
      ['patient alone, last recorded first', of(refersTo('subject', 'Patient', 'p3'))],
      ['code alone, last recorded first', of(coded('code', '8867-4', LOINC))],
      ['an identifier', of(coded('identifier', 'i77', 'urn:hub'))],
      ['a whole type', of({ kind: 'all' })],
      ['a whole type by date', of({ kind: 'all' }, { sort: newest })],
      ['a whole type by id', of({ kind: 'all' }, { sort: [sorted('_id', 'id')] })],
      ['a whole type by last update', of({ kind: 'all' }, { sort: [sorted('_lastUpdated', 'lastUpdated')] })],
    ];
    test.each(table)('%s', async (_, asked) => {
      const { stages, keys, documents } = await cost(asked);
      expect(stages).not.toContain('COLLSCAN');
      expect(stages).not.toContain('SORT');
      expect(stages).toContain('IXSCAN');
      // n + 1 rows, and a few keys where paths are merged or an end is passed.
      expect(keys).toBeLessThanOrEqual(2 * PAGE + 10);
      expect(documents).toBeLessThanOrEqual(PAGE + 5);
    });
  });

  describe('never walk the collection', () => {
    const table: readonly (readonly [string, Query])[] = [
      [
        'a chain',
        of({
          kind: 'chain',
          param: 'patient',
          type: 'Patient',
          where: { kind: 'string', param: 'name', match: 'starts', value: 'name3' },
        }),
      ],
      ['a quantity', of({ kind: 'quantity', param: 'value-quantity', value: { above: 198 } })],
      ['a date', of(within({ lowAtLeast: half, highAtMost: half }))],
      ['a name', query('Patient', { kind: 'string', param: 'name', match: 'starts', value: 'name3' })],
      ['part of a name', query('Patient', { kind: 'string', param: 'name', match: 'contains', value: 'me3' })],
      ['what is missing', of({ kind: 'missing', param: 'code', of: 'token', missing: true })],
      ['what is not', of({ kind: 'not', of: coded('code', '8867-4') })],
      [
        'alternatives',
        of({ kind: 'or', of: [coded('code', '2708-6'), within({ lowAtLeast: half, highAtMost: half })] }),
      ],
      ['a computed order', of(coded('code', '2708-6'), { sort: [sorted('value-quantity', 'quantity')] })],
    ];
    test.each(table)('%s', async (_, asked) => {
      expect((await cost(asked)).stages).not.toContain('COLLSCAN');
    });
  });
});
