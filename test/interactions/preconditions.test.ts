import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Living, living } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
});
afterAll(() => it.stop());

const numbered = (value: string, more: object = {}) => ({
  resourceType: 'Patient',
  identifier: [{ system: 'urn:numbers', value }],
  ...more,
});
const create = async (value: string): Promise<string> => (await it.ask('POST', 'Patient', numbered(value))).body.id;
const versionOf = async (id: string) => (await it.ask('GET', `Patient/${id}`)).headers['ETag'];
const activated = [{ op: 'add', path: '/active', value: true }];
const stale = { 'if-match': 'W/"9"' };
const jsonPatch = 'application/json-patch+json';

describe('If-Match of a conditional interaction', () => {
  test('at another version it stops a delete and a patch by criteria', async () => {
    const id = await create('1');
    const deleted = await it.ask('DELETE', 'Patient?identifier=urn:numbers|1', undefined, { headers: stale });
    const patched = await it.ask('PATCH', 'Patient?identifier=urn:numbers|1', activated, {
      headers: stale,
      contentType: jsonPatch,
    });
    expect([deleted.status, patched.status]).toEqual([412, 412]);
    expect(deleted.body.issue[0].diagnostics).toContain(`Patient/${id} is at version 1, not at version 9`);
    expect(await versionOf(id)).toBe('W/"1"');
  });

  test('at the current version it lets them through, and where nothing matches there is nothing it could hold of', async () => {
    await create('2');
    const current = { 'if-match': 'W/"1"' };
    const asking = { headers: current, contentType: jsonPatch };
    expect((await it.ask('PATCH', 'Patient?identifier=urn:numbers|2', activated, asking)).status).toBe(200);
    const newer = { headers: { 'if-match': 'W/"2"' } };
    expect((await it.ask('DELETE', 'Patient?identifier=urn:numbers|2', undefined, newer)).status).toBe(204);
    expect((await it.ask('DELETE', 'Patient?identifier=urn:numbers|2', undefined, newer)).status).toBe(412);
  });
});

describe('If-None-Match: * of an update', () => {
  const createOnly = { headers: { 'if-none-match': '*' } };
  const put = (id: string, more: object = {}) =>
    it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id, ...more }, createOnly);

  test('creates, also what was deleted, and never overwrites', async () => {
    expect((await put('only')).status).toBe(201);
    const again = await put('only', { active: true });
    expect(again).toMatchObject({ status: 412, body: { issue: [{ code: 'conflict' }] } });
    expect(await versionOf('only')).toBe('W/"1"');
    await it.ask('DELETE', 'Patient/only');
    expect((await put('only')).status).toBe(201);
  });

  test('of many at once one creates', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, (_, n) => put('race', { active: n % 2 === 0 })));
    expect(all.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(11).fill(412)]);
  });

  test('stops a conditional update whose criteria match', async () => {
    await create('3');
    const url = 'Patient?identifier=urn:numbers|3';
    expect((await it.ask('PUT', url, numbered('3', { active: true }), createOnly)).status).toBe(412);
  });

  test('with a tag it is no precondition of a write, and is not passed over', async () => {
    const headers = { 'if-none-match': 'W/"1"' };
    const { status } = await it.ask('PUT', 'Patient/t', { resourceType: 'Patient', id: 't' }, { headers });
    expect(status).toBe(400);
  });
});

describe('criteria', () => {
  const exist = (criteria: string) =>
    it.ask('POST', 'Patient', numbered('4'), { headers: { 'if-none-exist': criteria } });

  test('of another type are refused, not read as criteria of this one', async () => {
    const { status, body } = await exist('Observation?identifier=4');
    expect(status).toBe(400);
    expect(body.issue[0].diagnostics).toContain('are of Observation');
  });

  test('that select nothing are refused by their name', async () => {
    const { status, body } = await exist('identifier=4&_count=1');
    expect([status, body.issue[0].diagnostics]).toEqual([
      400,
      "'_count' selects nothing: conditional criteria are filters alone",
    ]);
  });
});

test('a part of a resource is never stored as the whole', async () => {
  const id = await create('5');
  const { body: part } = await it.ask('GET', `Patient/${id}?_elements=gender`);
  const { status, body } = await it.ask('PUT', `Patient/${id}`, part);
  expect(status).toBe(422);
  expect(body.issue[0]).toMatchObject({ code: 'business-rule', expression: ['Patient.meta.tag[0]'] });
  expect(await versionOf(id)).toBe('W/"1"');
});

test('a patch sent as a resource is refused by its media type', async () => {
  const asking = { contentType: jsonPatch };
  expect((await it.ask('POST', 'Patient', { resourceType: 'Patient' }, asking)).status).toBe(415);
});

test('thirty patches at once without If-Match all succeed, each as a version of its own', async () => {
  const id = await create('6');
  const all = await Promise.all(
    Array.from({ length: 30 }, (_, n) => {
      const telecom = [{ system: 'phone', value: String(n) }];
      const operations = [{ op: 'add', path: '/telecom', value: telecom }];
      return it.ask('PATCH', `Patient/${id}`, operations, { contentType: jsonPatch });
    }),
  );
  expect(all.map(({ status }) => status)).toEqual(Array<number>(30).fill(200));
  expect(await versionOf(id)).toBe('W/"31"');
});
