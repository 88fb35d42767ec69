import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listOf } from '../../src/fhir/resource.ts';
import { type Living, living } from '../interactions/living.ts';
import { objects } from './listed.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
});
afterAll(() => it.stop());

/** Clients offer what the statement lists: none of it may be refused when it is asked for. */
test('every _include and _revinclude of the CapabilityStatement is answered, of every type', async () => {
  const [rest = {}] = objects((await it.ask('GET', 'metadata')).body.rest);
  let tried = 0;
  for (const { type, searchInclude, searchRevInclude } of objects(rest['resource'])) {
    const pairs = [
      ...listOf(searchInclude).map((value) => `_include=${String(value)}`),
      ...listOf(searchRevInclude).map((value) => `_revinclude=${String(value)}`),
    ];
    tried += pairs.length;
    const { status, body } = await it.ask('GET', [`${String(type)}?_count=1`, ...pairs].join('&'));
    expect([type, status, body.issue]).toEqual([type, 200, undefined]);
  }
  expect(tried).toBeGreaterThan(10_000);
});
