import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Living, living } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
});
afterAll(() => it.stop());

const patient = (more: object = {}) => ({
  resourceType: 'Patient',
  name: [{ family: 'A' }],
  photo: [{ title: 'x' }],
  ...more,
});
const PART = ['resourceType', 'id', 'meta', 'name'];
const jsonPatch = { contentType: 'application/json-patch+json' };
const activated = [{ op: 'add', path: '/active', value: true }];
const count = async (): Promise<number> => (await it.ask('GET', 'Patient?_summary=count')).body.total;

describe('_summary and _elements of a write', () => {
  test.each(['_elements=name', '_elements=Patient.name'])(
    'cut down what is shown of it, and not what is stored: %s',
    async (query) => {
      const created = await it.ask('POST', `Patient?${query}`, patient());
      const { id } = created.body;
      const updated = await it.ask('PUT', `Patient/${id}?${query}`, patient({ id, gender: 'other' }));
      const patched = await it.ask('PATCH', `Patient/${id}?${query}`, activated, jsonPatch);
      for (const { body } of [created, updated, patched]) {
        expect(Object.keys(body)).toEqual(PART);
        expect(body.meta.tag).toEqual([expect.objectContaining({ code: 'SUBSETTED' })]);
      }
      const whole = (await it.ask('GET', `Patient/${id}`)).body;
      expect(whole).toMatchObject({ gender: 'other', active: true, photo: [{ title: 'x' }] });
      expect(whole.meta.tag).toBeUndefined();
    },
  );

  test('cut down what a conditional create found as well', async () => {
    await it.ask('PUT', 'Patient/found', patient({ id: 'found', identifier: [{ system: 'urn:part', value: '1' }] }));
    const asking = { headers: { 'if-none-exist': 'identifier=urn:part|1' } };
    const { status, body } = await it.ask('POST', 'Patient?_elements=name', patient(), asking);
    expect([status, Object.keys(body)]).toEqual([200, PART]);
  });

  test.each(['_elements=nome', '_summary=count', '_summary=some'])('that name nothing stop it: %s', async (query) => {
    const before = await count();
    expect((await it.ask('POST', `Patient?${query}`, patient())).status).toBe(400);
    expect(await count()).toBe(before);
  });
});

test.each(['_summary=true', '_elements=name'])('%s is refused where the answer is whole', async (query) => {
  const bundle = (type: string, url: string) => ({
    resourceType: 'Bundle',
    type,
    entry: [{ resource: patient(), request: { method: 'POST', url } }],
  });
  const before = await count();
  const answers = [
    await it.ask('POST', `?${query}`, bundle('batch', 'Patient')),
    await it.ask('POST', '', bundle('transaction', `Patient?${query}`)),
  ];
  for (const { status, body } of answers) {
    expect([status, body.issue[0].code]).toEqual([400, 'not-supported']);
    expect(body.issue[0].diagnostics).toContain(`'${query.slice(0, query.indexOf('='))}'`);
  }
  expect(await count()).toBe(before);
});

test.each(['.', '..'])('%s is no id: no client keeps it in a URL', async (id) => {
  const put = { resource: patient({ id }), request: { method: 'PUT', url: `Patient/${id}` } };
  const entries = (entry: object) => ({ resourceType: 'Bundle', type: 'transaction', entry: [entry] });
  const byCriteria = { ...put, request: { method: 'PUT', url: 'Patient?identifier=urn:none|1' } };
  expect((await it.ask('PUT', `Patient/${id}`, patient({ id }))).status).toBe(400);
  expect((await it.ask('POST', '', entries(put))).status).toBe(400);
  expect((await it.ask('POST', '', entries(byCriteria))).status).toBe(400);
});
