import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asking } from './asking.ts';
import { type Living, living, observation } from './living.ts';

let it: Living;
const { put } = asking(() => it);

beforeAll(async () => {
  it = await living();
  await put({ resourceType: 'Patient', id: 'p', gender: 'female' });
  await put({ resourceType: 'Patient', id: 'p', gender: 'male' });
  const of = (id: string, reference: string) => put({ ...observation('p', { subject: { reference } }), id });
  await of('then', 'Patient/p/_history/1');
  await of('now', 'Patient/p');
});
afterAll(() => it.stop());

const included = async (ids: string, asking = {}): Promise<readonly string[]> => {
  const { body } = await it.ask('GET', `Observation?_id=${ids}&_include=Observation:subject`, undefined, asking);
  return body.entry
    .filter(({ search }: { search: { mode: string } }) => search.mode === 'include')
    .map(({ resource }: { resource: { gender: string } }) => resource.gender)
    .toSorted();
};

test('a reference to a version includes that version, another the current one', async () => {
  expect(await included('then')).toEqual(['female']);
  expect(await included('now')).toEqual(['male']);
  expect(await included('then,now')).toEqual(['female', 'male']);
});

test('a version that the caller may not read is not included', async () => {
  expect(await included('then', { scope: 'system/Observation.rs' })).toEqual([]);
  const male = { scope: 'system/Observation.rs system/Patient.rs?gender=male' };
  expect(await included('then', male)).toEqual(['male']);
});
