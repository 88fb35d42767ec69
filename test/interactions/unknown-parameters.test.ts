import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Living, living, observation } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
  await it.ask('PUT', 'Patient/a', { resourceType: 'Patient', id: 'a', gender: 'female' });
});
afterAll(() => it.stop());

const patient = { resourceType: 'Patient', id: 'a', gender: 'other' };
const lenient = { headers: { prefer: 'handling=lenient' } };
const jsonPatch = { contentType: 'application/json-patch+json' };
const genderPatch = [{ op: 'replace', path: '/gender', value: 'male' }];
const current = async () => (await it.ask('GET', 'Patient/a')).body.meta.versionId;

describe('a query parameter that the interaction does not define', () => {
  test.each([
    ['read', 'GET', 'Patient/a', undefined, {}],
    ['vread', 'GET', 'Patient/a/_history/1', undefined, {}],
    ['the history of a resource', 'GET', 'Patient/a/_history', undefined, {}],
    ['the history of a type', 'GET', 'Patient/_history', undefined, {}],
    ['the history of all', 'GET', '_history', undefined, {}],
    ['the capability statement', 'GET', 'metadata', undefined, {}],
    ['create', 'POST', 'Observation', observation('a'), {}],
    ['update', 'PUT', 'Patient/a', patient, {}],
    ['patch', 'PATCH', 'Patient/a', genderPatch, jsonPatch],
    ['batch', 'POST', '', { resourceType: 'Bundle', type: 'batch' }, {}],
    ['delete', 'DELETE', 'Patient/a', undefined, {}],
  ] as const)('of %s is refused by name, and nothing is done', async (_what, method, url, body, asking) => {
    const before = [await current(), (await it.ask('GET', '_history?_count=1')).body.entry[0].fullUrl];
    const refused = await it.ask(method, `${url}?foo=bar`, body, asking);
    expect(refused).toMatchObject({ status: 400, body: { issue: [{ code: 'not-supported', expression: ['foo'] }] } });
    expect(refused.body.issue[0].diagnostics).toContain("'foo' is not a parameter of");
    expect([await current(), (await it.ask('GET', '_history?_count=1')).body.entry[0].fullUrl]).toEqual(before);
    const relaxed = await it.ask(method, `${url}?foo=bar`, body, { ...asking, ...lenient });
    expect(relaxed.status).toBeLessThan(300);
    if (method === 'DELETE') await it.ask('PUT', 'Patient/a', patient);
  });

  test('is answered with the one that was meant', async () => {
    const { body } = await it.ask('GET', 'Patient/a?_sumary=true');
    expect(body.issue[0].diagnostics).toContain('did you mean _summary?');
    expect((await it.ask('GET', 'metadata?mod=full')).body.issue[0].diagnostics).toContain('did you mean mode?');
  });

  test('of an entry refuses a transaction, and in a batch that entry alone', async () => {
    const entry = { resource: patient, request: { method: 'PUT', url: 'Patient/a?foo=bar' } };
    const other = { resource: { ...observation('a'), id: 'o' }, request: { method: 'PUT', url: 'Observation/o' } };
    const bundle = (type: string) => ({ resourceType: 'Bundle', type, entry: [other, entry] });
    const refused = await it.ask('POST', '', bundle('transaction'));
    expect(refused).toMatchObject({ status: 400, body: { issue: [{ expression: ['Bundle.entry[1].request.url'] }] } });
    expect((await it.ask('GET', 'Observation/o')).status).toBe(404);
    const { body } = await it.ask('POST', '', bundle('batch'));
    expect(body.entry.map(({ response }: { response: { status: string } }) => response.status)).toEqual([
      '201 Created',
      '400 Bad Request',
    ]);
    expect((await it.ask('POST', '', bundle('transaction'), lenient)).status).toBe(200);
  });

  test('is left out of the links of a lenient history', async () => {
    const { body } = await it.ask('GET', 'Patient/a/_history?foo=bar&_count=1', undefined, lenient);
    expect(body.link.map(({ url }: { url: string }) => url).filter((url: string) => url.includes('foo'))).toEqual([]);
    expect(body.link[0].url).toContain('_count=1');
  });
});

test('the parameters of every interaction are taken by every one', async () => {
  for (const url of ['Patient/a', 'Patient/a/_history/1', 'Patient/a/_history', 'metadata']) {
    const { status } = await it.ask('GET', `${url}?_format=json&_pretty=true&_summary=false&_elements=id`);
    expect([url, status]).toEqual([url, 200]);
  }
  expect((await it.ask('PUT', 'Patient/a?_pretty=true&_format=json', patient)).status).toBe(200);
  const short = await it.ask('GET', 'metadata?_elements=fhirVersion');
  expect(short.body).toMatchObject({ fhirVersion: '4.0.1', meta: { tag: [{ code: 'SUBSETTED' }] } });
  expect(short.body.rest).toBeUndefined();
  expect((await it.ask('GET', 'metadata?_summary=true')).text.length).toBeLessThan(
    (await it.ask('GET', 'metadata')).text.length,
  );
});

test('who may not read is told so, not which parameters there are', async () => {
  const { status } = await it.ask('GET', 'Patient/a?foo=bar', undefined, { scope: 'system/Observation.rs' });
  expect(status).toBe(403);
});

test('the capability statement says whether browsers of other origins may call', async () => {
  const cors = async (living: Living) => (await living.ask('GET', 'metadata')).body.rest[0].security.cors;
  expect(await cors(it)).toBe(false);
  const open = await living({ cors: true });
  try {
    expect(await cors(open)).toBe(true);
  } finally {
    await open.stop();
  }
});
