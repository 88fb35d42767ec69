import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BASE, type Living, living, observation } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
  for (const id of ['a', 'b']) await it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id });
  for (const value of [1, 2, 3, 4])
    await it.ask('PUT', 'Observation/o', { ...observation('a', { note: [{ text: `${value}` }] }), id: 'o' });
  await it.ask('DELETE', 'Observation/o');
  await it.ask('PUT', 'Observation/moved', { ...observation('b'), id: 'moved' });
  await it.ask('PUT', 'Observation/moved', { ...observation('a'), id: 'moved' });
});
afterAll(() => it.stop());

const totalOf = async (url: string, asking = {}) => (await it.ask('GET', url, undefined, asking)).body.total;

test('an instance’s history tells on every page how many versions there are, deletions among them', async () => {
  let url: string | undefined = 'Observation/o/_history?_count=2';
  const entries: number[] = [];
  while (url !== undefined) {
    const { body } = await it.ask('GET', url);
    expect(body.total).toBe(5);
    entries.push(body.entry.length);
    url = body.link.find(({ relation }: { relation: string }) => relation === 'next')?.url.slice(BASE.length);
  }
  expect(entries).toEqual([2, 2, 1]);
});

test('a history that is there whole tells its total; of one that is not none is told', async () => {
  expect(await totalOf('Patient/_history')).toBe(2);
  expect(await totalOf('_history')).toBe(9);
  expect(await totalOf('_history?_count=3')).toBeUndefined();
  expect(await totalOf('Observation/o/_history?_since=2000-01-01&_count=2')).toBeUndefined();
});

test('no total tells of versions that the token does not show', async () => {
  const mine = { scope: 'patient/*.rs', patient: 'a' };
  const { body } = await it.ask('GET', 'Observation/moved/_history', undefined, mine);
  expect([body.entry.length, body.total]).toEqual([1, undefined]);
  expect(await totalOf('Observation/moved/_history?_count=1', mine)).toBeUndefined();
});
