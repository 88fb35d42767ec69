import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asking } from './asking.ts';
import { type Living, living } from './living.ts';

let it: Living;
const { put, found } = asking(() => it);

beforeAll(async () => {
  it = await living();
  await put({
    resourceType: 'Patient',
    id: 'a',
    meta: {
      source: 'urn:hub:7',
      profile: ['http://profiles.test/One|1.0'],
      security: [{ system: 'urn:s', code: 'R' }],
      tag: [{ system: 'urn:t', code: 'x' }],
    },
  });
  await put({
    resourceType: 'Patient',
    id: 'b',
    meta: { source: 'urn:hub:8', security: [{ system: 'urn:s', code: 'N' }], tag: [{ system: 'urn:u', code: 'x' }] },
  });
});
afterAll(() => it.stop());

describe('parameters of every type', () => {
  test('_id finds by id, several at once', async () => {
    expect(await found('Patient?_id=a')).toEqual(['a']);
    expect(await found('Patient?_id=a,b,c')).toEqual(['a', 'b']);
    expect(await found('Patient?_id=a&_id=b')).toEqual([]);
  });

  test('_lastUpdated finds by the time of the last change, not of the first', async () => {
    const time = async (id: string) => (await it.ask('GET', `Patient/${id}`)).body.meta.lastUpdated;
    const [first, second] = [await time('a'), await time('b')];
    expect(await found(`Patient?_lastUpdated=le${second}`)).toEqual(['a', 'b']);
    expect(await found(`Patient?_lastUpdated=lt${first}`)).toEqual([]);
    expect(await found(`Patient?_lastUpdated=gt${second}&_id=a,b`)).toEqual([]);
    await put({ resourceType: 'Patient', id: 'moving' });
    const made = await time('moving');
    let changed = made;
    // A millisecond holds several writes.
    for (let n = 0; changed === made; n += 1) {
      await put({ resourceType: 'Patient', id: 'moving', name: [{ family: `n${n}` }] });
      changed = await time('moving');
    }
    expect(await found(`Patient?_lastUpdated=${made}&_id=moving`)).toEqual([]);
    expect(await found(`Patient?_lastUpdated=${changed}&_id=moving`)).toEqual(['moving']);
  });

  test('_tag finds by tag', async () => {
    expect(await found('Patient?_tag=x')).toEqual(['a', 'b']);
    expect(await found('Patient?_tag=urn:t|x')).toEqual(['a']);
  });

  test('_security finds by security label', async () => {
    expect(await found('Patient?_security=R')).toEqual(['a']);
    expect(await found('Patient?_security=urn:s|')).toEqual(['a', 'b']);
  });

  test('_profile finds by the profile that is declared', async () => {
    expect(await found('Patient?_profile=http://profiles.test/One|1.0')).toEqual(['a']);
    expect(await found('Patient?_profile:below=http://profiles.test/One')).toEqual(['a']);
    expect(await found('Patient?_profile=http://profiles.test/Two')).toEqual([]);
  });

  test('_source finds by where it comes from', async () => {
    expect(await found('Patient?_source=urn:hub:7')).toEqual(['a']);
    expect(await found('Patient?_source=urn:hub')).toEqual([]);
  });
});
