import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { terminologyOperations } from '../../operations/terminology/terminology.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living } from '../interactions/living.ts';

const COLOURS = 'http://example.org/colours';
const LISTED = 'http://example.org/listed';
const WAYS = ['system-version', 'check-system-version', 'force-system-version'];

let it: Living;
beforeAll(async () => {
  it = await living({ operations: terminologyOperations.map(served) });
  const put = async (resourceType: string, id: string, more: object) => {
    const { status, text } = await it.ask('PUT', `${resourceType}/${id}`, { resourceType, id, ...more });
    if (status !== 201) throw new Error(text);
  };
  const colours = (id: string, version: string, ...codes: string[]) =>
    put('CodeSystem', id, {
      ...{ url: COLOURS, version, status: 'active', content: 'complete' },
      concept: codes.map((code) => ({ code })),
    });
  await colours('first', '1', 'red');
  await colours('second', '2', 'red', 'lemon');
  const set = (id: string, ...include: object[]) => put('ValueSet', id, { status: 'active', compose: { include } });
  await set('free', { system: COLOURS });
  await set('fixed', { system: COLOURS, version: '1' });
  await set('both', { system: COLOURS, version: '1' }, { system: COLOURS, version: '2' });
  await set('named', { system: COLOURS, concept: [{ code: 'red' }, { code: 'lemon' }] });
  await set('elsewhere', { system: 'http://example.org/elsewhere', concept: [{ code: 'x' }] });
  await put('ValueSet', 'listed', {
    url: LISTED,
    status: 'active',
    expansion: { timestamp: '2026-01-01', contains: [{ system: COLOURS, version: '1', code: 'red' }] },
  });
});
afterAll(() => it.stop());

const ask = (id: string, pairs: Record<string, string>) =>
  it.ask('GET', `ValueSet/${id}/$expand?${new URLSearchParams(pairs)}`);
const codesOf = (body: { readonly expansion?: { readonly contains?: readonly { readonly code: string }[] } }) =>
  body.expansion?.contains?.map(({ code }) => code);

describe('the version of a code system', () => {
  test.each([
    ['free', {}, ['red', 'lemon']],
    ['free', { 'system-version': `${COLOURS}|1` }, ['red']],
    ['free', { 'system-version': `${COLOURS}|2` }, ['red', 'lemon']],
    ['free', { 'check-system-version': `${COLOURS}|1` }, ['red']],
    ['free', { 'force-system-version': `${COLOURS}|1` }, ['red']],
    ['free', { 'system-version': 'http://example.org/other|7' }, ['red', 'lemon']],
    ['fixed', {}, ['red']],
    ['fixed', { 'system-version': `${COLOURS}|2` }, ['red']],
    ['fixed', { 'check-system-version': `${COLOURS}|1` }, ['red']],
    ['fixed', { 'force-system-version': `${COLOURS}|2` }, ['red', 'lemon']],
    ['both', {}, ['red', 'lemon']],
    ['named', { 'system-version': `${COLOURS}|1` }, ['red']],
    ['named', { 'system-version': `${COLOURS}|2` }, ['red', 'lemon']],
    ['listed', { 'check-system-version': `${COLOURS}|1` }, ['red']],
    ['listed', { 'system-version': `${COLOURS}|2` }, ['red']],
  ])('of %s with %j is as asked', async (id, pairs, codes) => {
    const { body } = await ask(id, pairs);
    expect(codesOf(body)).toEqual(codes);
    for (const [name, valueUri] of Object.entries(pairs))
      expect(body.expansion.parameter).toContainEqual({ name, valueUri });
  });

  test('that was taken is said', async () => {
    const { body } = await ask('named', { 'system-version': `${COLOURS}|1` });
    expect(body.expansion.parameter).toContainEqual({ name: 'version', valueUri: `${COLOURS}|1` });
  });

  test.each([
    ['fixed', 'check-system-version', `${COLOURS}|2`, 400, "in version '1', not '2'"],
    ['listed', 'check-system-version', `${COLOURS}|2`, 400, "in version '1', not '2'"],
    ['listed', 'force-system-version', `${COLOURS}|2`, 400, 'is stored expanded'],
    ['fixed', 'force-system-version', `${COLOURS}|3`, 400, "not '3'"],
    ...WAYS.flatMap((name) => [
      ['free', name, `${COLOURS}|3`, 400, "not '3'"] as const,
      ['named', name, `${COLOURS}|3`, 400, "not '3'"] as const,
      ['free', name, COLOURS, 400, '[system]|[version]'] as const,
      [
        'elsewhere',
        name,
        'http://example.org/elsewhere|1',
        404,
        "'http://example.org/elsewhere' in version '1'",
      ] as const,
    ]),
  ])('of %s: %s=%s is refused', async (id, name, value, status, why) => {
    const refused = await ask(id, { [name]: value });
    expect([refused.status, refused.body.issue[0].expression]).toEqual([status, [name]]);
    expect(refused.body.issue[0].diagnostics).toContain(why);
  });

  test('stated twice differently is refused', async () => {
    const one = `system-version=${encodeURIComponent(`${COLOURS}|1`)}`;
    expect((await it.ask('GET', `ValueSet/free/$expand?${one}&${one}`)).status).toBe(200);
    const two = `system-version=${encodeURIComponent(`${COLOURS}|2`)}`;
    const refused = await it.ask('GET', `ValueSet/free/$expand?${one}&${two}`);
    expect([refused.status, refused.body.issue[0].diagnostics]).toEqual([400, expect.stringContaining('two versions')]);
  });
});

describe('$translate', () => {
  test('goes on in another map that is stored, where the first says so', async () => {
    const group = { source: COLOURS, target: 'http://example.org/paints' };
    const map = (id: string, more: object) => ({
      resourceType: 'ConceptMap',
      id,
      url: `http://example.org/${id}`,
      status: 'active',
      group: [{ ...group, ...more }],
    });
    const element = [{ code: 'lemon', target: [{ code: 'yellow', equivalence: 'equivalent' }] }];
    const other = {
      element: [{ code: 'red', target: [{ code: 'r', equivalence: 'equal' }] }],
      unmapped: { mode: 'other-map', url: 'http://example.org/more-paints' },
    };
    expect((await it.ask('PUT', 'ConceptMap/more-paints', map('more-paints', { element }))).status).toBe(201);
    expect((await it.ask('PUT', 'ConceptMap/paints', map('paints', other))).status).toBe(201);
    const asked = new URLSearchParams({ system: COLOURS, code: 'lemon' });
    const { body } = await it.ask('GET', `ConceptMap/paints/$translate?${asked}`);
    expect(body.parameter[0]).toEqual({ name: 'result', valueBoolean: true });
    expect(JSON.stringify(body)).toContain('"yellow"');
  });
});
