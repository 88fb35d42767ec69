import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readPublished } from '../../src/conformance/profiles-folder.ts';
import { seedProfiles } from '../../src/interactions/seed-profiles.ts';
import { type Living, living } from './living.ts';

const published = readPublished('profiles');
let it: Living;
beforeAll(async () => {
  it = await living();
});
afterAll(() => it.stop());

test('a server serves its own conformance resources, found by their canonical', async () => {
  expect(await seedProfiles(it.world, published)).toBe(published.length);
  for (const { resourceType, id, url } of published) {
    const read = await it.ask('GET', `${resourceType}/${id}`);
    expect([read.status, read.body.url]).toEqual([200, url]);
    const found = await it.ask('GET', `${resourceType}?url=${String(url)}&_summary=count`);
    expect([url, found.body.total]).toEqual([url, 1]);
  }
});

test('a second start, and several at once, write nothing and take no time', async () => {
  const before = await it.world.store.lastTransaction();
  const begun = performance.now();
  expect(await Promise.all([1, 2, 3].map(() => seedProfiles(it.world, published)))).toEqual([0, 0, 0]);
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(await it.world.store.lastTransaction()).toBe(before);
});

test('processes that start together on an empty store make one version of each', async () => {
  const other = await living();
  try {
    await Promise.all([1, 2, 3].map(() => seedProfiles(other.world, published)));
    const [first] = published;
    const { body } = await other.ask('GET', `${first?.resourceType}/${first?.id}`);
    expect(body.meta.versionId).toBe('1');
  } finally {
    await other.stop();
  }
});

test('what a newer release ships replaces what an older one put there, and what was deleted comes back', async () => {
  const [first, second] = published;
  if (!first || !second) throw new Error('nothing is published');
  expect(await seedProfiles(it.world, [{ ...first, title: 'Newer' }])).toBe(1);
  expect((await it.ask('GET', `${first.resourceType}/${first.id}`)).body.title).toBe('Newer');
  await it.ask('DELETE', `${second.resourceType}/${second.id}`);
  expect(await seedProfiles(it.world, published)).toBe(2);
  expect((await it.ask('GET', `${second.resourceType}/${second.id}`)).status).toBe(200);
});
