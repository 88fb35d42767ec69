import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BASE, type Living, living } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
});
afterAll(() => it.stop());

const patient = (more: object = {}) => ({ resourceType: 'Patient', ...more });
const creates = { resource: patient(), request: { method: 'POST', url: 'Patient' } };
const send = (type: string, entry: readonly unknown[], prefer = 'return=minimal') =>
  it.ask('POST', '', { resourceType: 'Bundle', type, entry }, { headers: { prefer } });

describe('an entry that no request can be made of', () => {
  const spoilt: readonly (readonly [string, unknown, string])[] = [
    ['a method that there is not', { request: { method: 'FETCH', url: 'Patient' } }, '.request.method'],
    ['a URL elsewhere', { request: { method: 'GET', url: 'http://elsewhere.org/fhir/Patient/1' } }, '.request.url'],
    ['a malformed escape', { request: { method: 'GET', url: 'Patient?name=%zz' } }, '.request.url'],
    ['no request', { resource: patient() }, '.request'],
    ['no resource to create', { request: { method: 'POST', url: 'Patient' } }, '.resource'],
    ['an unknown element', { ...creates, fullURL: 'urn:uuid:1' }, '.fullURL'],
    ['a null', null, ''],
  ];

  test.each(spoilt)('in a batch it fails alone: %s', async (_what, entry, element) => {
    const { status, body } = await send('batch', [creates, entry, creates]);
    expect(status).toBe(200);
    const [before, own, after] = body.entry.map((it: { response: object }) => it.response);
    expect([before.status, after.status]).toEqual(['201 Created', '201 Created']);
    expect(own.status).toMatch(/^400 /);
    expect(own.outcome.issue[0].expression).toEqual([`Bundle.entry[1]${element}`]);
  });

  test.each(spoilt)('a transaction it stops: %s', async (_what, entry) => {
    const before = (await it.ask('GET', 'Patient?_summary=count')).body.total;
    expect((await send('transaction', [creates, entry])).status).toBe(400);
    expect((await it.ask('GET', 'Patient?_summary=count')).body.total).toBe(before);
  });

  test('what is wrong with the Bundle itself refuses all of a batch', async () => {
    const bundle = { resourceType: 'Bundle', type: 'batch', total: 1, entry: [creates] };
    expect((await it.ask('POST', '', bundle)).status).toBe(422);
  });
});

test.each([
  `${BASE}?_type=Patient&_summary=count`,
  `${BASE}/?_type=Patient&_summary=count`,
  '?_type=Patient&_summary=count',
])('an entry may name the base itself: %s', async (url) => {
  const { body } = await send('batch', [{ request: { method: 'GET', url } }]);
  expect(body.entry[0]).toMatchObject({ response: { status: '200 OK' }, resource: { type: 'searchset' } });
});

describe('Prefer: return=OperationOutcome', () => {
  test.each(['batch', 'transaction'])('the entries of a %s tell beside their status what was done', async (type) => {
    await it.ask('PUT', `Patient/${type}`, patient({ id: type }));
    await it.ask('PUT', `Patient/old-${type}`, patient({ id: `old-${type}` }));
    const put = { resource: patient({ id: type, active: true }), request: { method: 'PUT', url: `Patient/${type}` } };
    const remove = { request: { method: 'DELETE', url: `Patient/old-${type}` } };
    const read = { request: { method: 'GET', url: `Patient/${type}` } };
    const { body } = await send(type, [put, creates, remove, read], 'return=OperationOutcome');
    const told = body.entry.map(
      (it: { response: { outcome?: { issue: { diagnostics: string }[] } } }) =>
        it.response.outcome?.issue[0]?.diagnostics,
    );
    expect(told).toEqual([
      `Patient/${type} updated, version 2`,
      expect.stringMatching(/^Patient\/\S+ created, version 1$/),
      `Patient/old-${type} deleted, version 2`,
      undefined,
    ]);
    expect(body.entry.map((it: { resource?: { resourceType: string } }) => it.resource?.resourceType)).toEqual([
      undefined,
      undefined,
      undefined,
      'Patient',
    ]);
  });

  test('deletions and conditional creates that find something tell it as well', async () => {
    const prefer = { headers: { prefer: 'return=OperationOutcome' } };
    const told = async (...asked: Parameters<Living['ask']>) => {
      const { status, body } = await it.ask(...asked);
      return [status, body.issue[0].diagnostics];
    };
    const known = patient({ id: 'known', identifier: [{ system: 'urn:told', value: '1' }] });
    await it.ask('PUT', 'Patient/known', known);
    const exists = { headers: { ...prefer.headers, 'if-none-exist': 'identifier=urn:told|1' } };
    expect(await told('POST', 'Patient', patient(), exists)).toEqual([200, 'Patient/known matched, version 1']);
    expect(await told('DELETE', 'Patient?identifier=urn:told|1', undefined, prefer)).toEqual([
      200,
      '1 of Patient deleted',
    ]);
    expect(await told('DELETE', 'Patient/known', undefined, prefer)).toEqual([
      200,
      'There is no Patient/known to delete',
    ]);
    expect((await it.ask('DELETE', 'Patient/known')).status).toBe(204);
  });
});

test.each([
  ['that has no fullUrl', {}],
  ['whose fullUrl is a urn', { fullUrl: 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a' }],
  ['of this server', { fullUrl: `${BASE}/Observation/x` }],
])('a relative reference in an entry %s finds the entry with that URL here', async (_what, own) => {
  const observation = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: 'Patient/theirs' },
  };
  const entries = [
    {
      fullUrl: `${BASE}/Patient/theirs`,
      resource: patient({ id: 'theirs' }),
      request: { method: 'POST', url: 'Patient' },
    },
    { ...own, resource: observation, request: { method: 'POST', url: 'Observation' } },
  ];
  const { status, body } = await send('transaction', entries, 'return=representation');
  expect([status, body.entry?.[1].resource.subject.reference]).toEqual([200, `Patient/${body.entry?.[0].resource.id}`]);
  expect(body.entry[0].resource.id).not.toBe('theirs');
});
