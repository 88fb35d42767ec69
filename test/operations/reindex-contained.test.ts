import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { reindex, reindexStatus } from '../../operations/reindex/reindex.ts';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { makeDraft } from '../../src/interactions/draft.ts';
import { CustomSearch } from '../../src/interactions/search-parameters/custom-search.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living, type Seen } from '../interactions/living.ts';

let it: Living;
let custom: CustomSearch;
const medication = {
  resourceType: 'Medication',
  id: 'm',
  status: 'active',
  code: { coding: [{ system: 'http://example.org/drugs', code: 'sertraline' }] },
  amount: { numerator: { value: 28 }, denominator: { value: 1 } },
};
const prescription = {
  resourceType: 'MedicationRequest',
  id: 'r',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/a' },
  medicationReference: { reference: '#m' },
  contained: [medication],
};
beforeEach(async () => {
  const registry = loadRegistry();
  it = await living({ registry, operations: [reindex, reindexStatus].map(served) });
  custom = new CustomSearch({ store: it.world.store, registry, log: pino({ level: 'silent' }), pollMs: 20 });
  Object.assign(it.world, { customSearch: custom });
  await custom.start();
  await it.ask('PUT', 'Patient/a', { resourceType: 'Patient', id: 'a' });
});
afterEach(async () => {
  await custom.stop();
  await it.stop();
});
const ids = ({ body }: Seen): string[] =>
  (body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).sort();

test('what was stored before contained resources were indexed is found by them after $reindex, in the same version', async () => {
  const { draft } = makeDraft(it.world, prescription, 'r');
  const before = draft.values.filter(({ param }) => !param.includes('#'));
  expect(before.length).toBeLessThan(draft.values.length);
  const old = { ...draft, values: before, indexed: 'before' };
  await it.world.store.commit({
    changes: [{ kind: 'put', method: 'PUT', draft: old, expect: { kind: 'any' } }],
  });
  const search = () => it.ask('GET', 'Medication?_contained=true&code=sertraline');
  expect(ids(await search())).toEqual([]);
  expect((await it.ask('POST', 'MedicationRequest/$reindex?wait=true')).status).toBe(200);
  const found = await search();
  expect(found.body.entry[0].resource).toMatchObject({ id: 'r', meta: { versionId: '1' } });
  expect(ids(await it.ask('GET', 'MedicationRequest?medication.code=sertraline'))).toEqual(['r']);
});

test('a parameter of one’s own is answered of contained resources too, without a $reindex of their containers', async () => {
  await it.ask('PUT', 'MedicationRequest/r', prescription);
  const own = {
    resourceType: 'SearchParameter',
    id: 'packed',
    url: 'http://example.org/SearchParameter/packed',
    name: 'Packed',
    status: 'active',
    description: 'How many are in a pack',
    code: 'packed',
    base: ['Medication'],
    type: 'quantity',
    expression: 'Medication.amount.numerator',
  };
  expect((await it.ask('PUT', 'SearchParameter/packed', own)).status).toBe(201);
  expect((await it.ask('GET', 'Medication?_contained=true&packed=28')).status).toBe(400);
  expect((await it.ask('POST', 'Medication/$reindex?wait=true')).status).toBe(200);
  expect(ids(await it.ask('GET', 'Medication?_contained=true&packed=28'))).toEqual(['r']);
  expect(ids(await it.ask('GET', 'Medication?_contained=true&packed=gt30'))).toEqual([]);
});
