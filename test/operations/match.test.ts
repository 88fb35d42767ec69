import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { match } from '../../operations/match/match.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living } from '../interactions/living.ts';

const patient = (id: string, more: object) => ({ resourceType: 'Patient', id, ...more });
const anna = {
  identifier: [{ system: 'http://mrn', value: '1' }],
  name: [{ family: 'Müller', given: ['Anna', 'Maria'] }],
  birthDate: '1980-03-04',
  gender: 'female',
};
let it: Living;
beforeAll(async () => {
  it = await living({ operations: [match].map(served) });
  await it.ask('PUT', 'Patient/anna', patient('anna', anna));
  await it.ask(
    'PUT',
    'Patient/namesake',
    patient('namesake', { ...anna, identifier: [{ system: 'http://mrn', value: '2' }], birthDate: '1955-01-01' }),
  );
  await it.ask(
    'PUT',
    'Patient/twin',
    patient('twin', { ...anna, identifier: undefined, name: [{ family: 'Muller', given: ['A'] }] }),
  );
  await it.ask(
    'PUT',
    'Patient/stranger',
    patient('stranger', { name: [{ family: 'Other', given: ['Jo'] }], birthDate: '1980-03-04' }),
  );
});
afterAll(() => it.stop());

const asked = async (resource: object, more: object[] = [], asking = {}) => {
  const body = {
    resourceType: 'Parameters',
    parameter: [{ name: 'resource', resource: { resourceType: 'Patient', ...resource } }, ...more],
  };
  const answer = await it.ask('POST', 'Patient/$match', body, asking);
  const entries: {
    resource: { id: string };
    search: { mode: string; score: number; extension: { valueCode: string }[] };
  }[] = answer.body.entry ?? [];
  return {
    answer,
    found: entries.map(({ resource, search }) => [resource.id, search.extension?.[0]?.valueCode ?? search.mode]),
    entries,
  };
};

test('the patient with the identifier is certain, one with the same traits probable, a namesake is not given', async () => {
  const { found, entries } = await asked(anna);
  expect(found).toEqual([
    ['anna', 'certain'],
    ['twin', 'probable'],
  ]);
  expect(entries[0]?.search.score).toBeGreaterThan(entries[1]?.search.score ?? 1);
});

test('an identifier alone is probable, a name alone is nothing', async () => {
  expect((await asked({ identifier: anna.identifier })).found).toEqual([['anna', 'probable']]);
  expect((await asked({ name: [{ family: 'Müller', given: ['Anna'] }] })).found).toEqual([]);
});

test('only certain matches, and none where two are certain', async () => {
  const only = { name: 'onlyCertainMatches', valueBoolean: true };
  expect((await asked(anna, [only])).found).toEqual([['anna', 'certain']]);
  await it.ask('PUT', 'Patient/double', patient('double', anna));
  expect((await asked(anna, [only])).found).toEqual([[undefined, 'outcome']]);
  await it.ask('DELETE', 'Patient/double');
});

test('count limits, and what cannot be matched is said', async () => {
  expect((await asked(anna, [{ name: 'count', valueInteger: 1 }])).found).toHaveLength(1);
  expect((await asked({ gender: 'female' })).answer.status).toBe(400);
  const misspelt = (await asked({ ...anna, birthdate: '1980-03-04' })).answer;
  expect([misspelt.status, misspelt.body.issue[0].expression]).toEqual([400, ['Patient.birthdate']]);
  const other = {
    resourceType: 'Parameters',
    parameter: [{ name: 'resource', resource: { resourceType: 'Organization', name: 'x' } }],
  };
  expect((await it.ask('POST', 'Patient/$match', other)).status).toBe(400);
});

test('only patients that the caller may see are matched', async () => {
  expect((await asked(anna, [], { scope: 'patient/*.rs', patient: 'twin' })).found).toEqual([['twin', 'probable']]);
  expect((await asked(anna, [], { scope: 'system/Observation.rs' })).answer.status).toBe(403);
});
