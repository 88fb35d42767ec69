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

describe('If-Match: * asks that there is a version', () => {
  const there = { 'if-match': '*' };
  const put = (id: string, more: object = {}) =>
    it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id, ...more }, { headers: there });

  test('so that an update never creates, by id or by criteria, nor brings back what is gone', async () => {
    expect((await put('star')).status).toBe(412);
    const byCriteria = await it.ask('PUT', 'Patient?identifier=urn:numbers|star', numbered('star'), { headers: there });
    expect(byCriteria.status).toBe(412);
    const id = await create('star');
    expect((await put(id, { active: true })).headers['ETag']).toBe('W/"2"');
    await it.ask('DELETE', `Patient/${id}`);
    const gone = await put(id);
    expect([gone.status, gone.body.issue[0].diagnostics]).toEqual([412, expect.stringContaining('was deleted')]);
  });

  test('and patches and deletions go on where there is one, by scopes of a part of the type as well', async () => {
    const id = await create('star-2');
    const asking = { headers: there, contentType: jsonPatch };
    expect((await it.ask('PATCH', `Patient/${id}`, activated, asking)).status).toBe(200);
    const scoped = { headers: there, scope: 'system/Patient.cruds?active=true' };
    const patient = { resourceType: 'Patient', id, active: true, gender: 'other' };
    expect((await it.ask('PUT', `Patient/${id}`, patient, scoped)).headers['ETag']).toBe('W/"3"');
    expect((await it.ask('DELETE', `Patient/${id}`, undefined, scoped)).status).toBe(204);
    expect((await it.ask('DELETE', `Patient/${id}`, undefined, { headers: there })).status).toBe(412);
  });
});

test('If-Unmodified-Since, which no version could be told by, is refused and changes nothing', async () => {
  const id = await create('unmodified');
  const asking = { headers: { 'if-unmodified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' } };
  const answers = [
    await it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id, active: true }, asking),
    await it.ask('PATCH', `Patient/${id}`, activated, { ...asking, contentType: jsonPatch }),
    await it.ask('DELETE', `Patient/${id}`, undefined, asking),
  ];
  for (const { status, body } of answers) {
    expect([status, body.issue[0].diagnostics]).toEqual([400, expect.stringContaining('If-Match')]);
  }
  expect(await versionOf(id)).toBe('W/"1"');
});

test('whoever may write a part of a type only brings back what was deleted as well', async () => {
  const scoped = { scope: 'system/Patient.cruds?active=true' };
  const put = () => it.ask('PUT', 'Patient/back', { resourceType: 'Patient', id: 'back', active: true }, scoped);
  expect((await put()).status).toBe(201);
  expect((await it.ask('DELETE', 'Patient/back', undefined, scoped)).status).toBe(204);
  const back = await put();
  expect([back.status, back.headers['ETag']]).toEqual([201, 'W/"3"']);
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
