import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Living, living } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
});
afterAll(() => it.stop());

describe('conditional interactions', () => {
  const identified = (value: string) => ({ resourceType: 'Patient', identifier: [{ system: 'urn:x', value }] });

  test('concurrent identical conditional creates make exactly one resource', async () => {
    const create = () =>
      it.ask('POST', 'Patient', identified('once'), { headers: { 'if-none-exist': 'identifier=urn:x|once' } });
    const answers = await Promise.all(Array.from({ length: 8 }, create));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await it.ask('GET', 'Patient?identifier=urn:x|once&_summary=count')).body.total).toBe(1);
  });

  test('conditional update, patch and delete act on the one match', async () => {
    const created = await it.ask('PUT', 'Patient?identifier=urn:x|cond', identified('cond'));
    expect(created.status).toBe(201);
    const updated = await it.ask('PUT', 'Patient?identifier=urn:x|cond', { ...identified('cond'), active: true });
    expect([updated.status, updated.body.id]).toEqual([200, created.body.id]);
    const json = { contentType: 'application/json-patch+json' };
    const patched = await it.ask(
      'PATCH',
      'Patient?identifier=urn:x|cond',
      [{ op: 'replace', path: '/active', value: false }],
      json,
    );
    expect(patched.body.active).toBe(false);
    expect((await it.ask('DELETE', 'Patient?identifier=urn:x|cond')).status).toBe(204);
    expect((await it.ask('GET', `Patient/${created.body.id}`)).status).toBe(410);
    expect((await it.ask('DELETE', 'Patient')).status).toBe(400);
  });

  test('criteria that match more than one are 412', async () => {
    await it.ask('POST', 'Patient', identified('two'));
    await it.ask('POST', 'Patient', identified('two'));
    expect((await it.ask('PUT', 'Patient?identifier=urn:x|two', identified('two'))).status).toBe(412);
    expect(
      (await it.ask('POST', 'Patient', identified('two'), { headers: { 'if-none-exist': 'identifier=urn:x|two' } }))
        .status,
    ).toBe(412);
  });
});
