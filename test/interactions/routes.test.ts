import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asking, idsOf } from './asking.ts';
import { BASE, type Living, living, observation } from './living.ts';

const JSON_PATCH = { contentType: 'application/json-patch+json' };
let it: Living;
const { put, post, found } = asking(() => it);

beforeAll(async () => {
  it = await living();
  await put({ resourceType: 'Patient', id: 'p', gender: 'female' });
  await put({ resourceType: 'Patient', id: 'p', gender: 'other' });
  for (const id of ['o1', 'o2']) await put({ ...observation('p'), id });
});
afterAll(() => it.stop());

const asked = (value: string, more: object = {}) =>
  it.ask('GET', 'Patient/p', undefined, {
    headers: { [value.split(': ')[0] ?? '']: value.split(': ')[1] ?? '' },
    ...more,
  });

describe('reading', () => {
  test('read gives the current version, with its tag and time', async () => {
    const read = await it.ask('GET', 'Patient/p');
    expect(read).toMatchObject({ status: 200, body: { id: 'p', gender: 'other', meta: { versionId: '2' } } });
    expect(read.headers['ETag']).toBe('W/"2"');
    const modified = Date.parse(read.headers['Last-Modified'] ?? '');
    expect(modified).toBe(Math.floor(Date.parse(read.body.meta.lastUpdated) / 1000) * 1000);
  });

  test('vread gives the version that is named, and none that never was', async () => {
    const first = await it.ask('GET', 'Patient/p/_history/1');
    expect(first).toMatchObject({ status: 200, body: { gender: 'female', meta: { versionId: '1' } } });
    expect(first.headers['ETag']).toBe('W/"1"');
    expect((await it.ask('GET', 'Patient/p/_history/2')).body.gender).toBe('other');
    for (const version of ['3', '0', 'x']) {
      expect((await it.ask('GET', `Patient/p/_history/${version}`)).status).toBe(404);
    }
  });

  test('If-None-Match: who has the version gets 304, who has another gets it whole', async () => {
    expect(await asked('if-none-match: W/"2"')).toMatchObject({ status: 304, text: '' });
    expect((await asked('if-none-match: W/"7", W/"2"')).status).toBe(304);
    expect(await asked('if-none-match: W/"1"')).toMatchObject({ status: 200, body: { gender: 'other' } });
  });

  test('If-Modified-Since: 304 where nothing changed since, else the whole', async () => {
    expect((await asked(`if-modified-since: ${new Date(Date.now() + 5000).toUTCString()}`)).status).toBe(304);
    expect((await asked(`if-modified-since: ${new Date(Date.now() - 3_600_000).toUTCString()}`)).status).toBe(200);
  });

  test('metadata tells the statement by its mode, and no mode that there is not', async () => {
    const open = (query: string) => it.ask('GET', `metadata${query}`, undefined, { scope: '' });
    for (const query of ['', '?mode=full', '?mode=normative']) {
      expect((await open(query)).body.resourceType).toBe('CapabilityStatement');
    }
    expect((await open('?mode=terminology')).body.resourceType).toBe('TerminologyCapabilities');
    expect((await open('?mode=some')).status).toBe(400);
  });
});

describe('searching', () => {
  test('a search of the whole system finds across types, by GET and by POST', async () => {
    const posted = async (url: string, form: string) => idsOf(await post(url, form)).toSorted();
    expect(await found('?_id=p,o1')).toEqual(['o1', 'p']);
    expect(await posted('_search', '_id=p,o1')).toEqual(['o1', 'p']);
    expect(await posted('_search?_type=Patient', '_id=p,o1')).toEqual(['p']);
  });

  test('GET of _search, as some clients send it, is the search without it', async () => {
    expect(await found('_search?_type=Patient&_id=p,o1')).toEqual(['p']);
    expect(await found('Observation/_search?_id=o1')).toEqual(['o1']);
    expect(await found('Patient/p/Observation/_search?_id=o2')).toEqual(['o2']);
    expect(await found('Patient/p/_search')).toBe(404);
    expect(await found('metadata/_search')).toBe(404);
    const { link } = (await it.ask('GET', 'Observation/_search?_id=o1')).body;
    expect(link[0].url).toBe(`${BASE}/Observation?_id=o1`);
  });

  test('a search of a compartment is posted as well', async () => {
    expect(await found('Patient/p/Observation?_id=o1')).toEqual(['o1']);
    expect(idsOf(await post('Patient/p/Observation/_search', '_id=o2'))).toEqual(['o2']);
    expect(idsOf(await post('Patient/q/Observation/_search', '_id=o2'))).toEqual([]);
  });
});

describe('writing', () => {
  test('If-Match at another version stops update, patch and delete alike', async () => {
    const stale = { headers: { 'if-match': 'W/"1"' } };
    expect((await it.ask('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p' }, stale)).status).toBe(412);
    const patch = [{ op: 'replace', path: '/gender', value: 'male' }];
    expect((await it.ask('PATCH', 'Patient/p', patch, { ...JSON_PATCH, ...stale })).status).toBe(412);
    expect((await it.ask('DELETE', 'Patient/p', undefined, stale)).status).toBe(412);
    expect((await it.ask('GET', 'Patient/p')).body).toMatchObject({ gender: 'other', meta: { versionId: '2' } });
  });

  test('If-None-Exist creates where nothing matches, and else gives what does', async () => {
    const create = () =>
      it.ask(
        'POST',
        'Patient',
        { resourceType: 'Patient', identifier: [{ value: 'once' }] },
        { headers: { 'if-none-exist': 'identifier=once' } },
      );
    const made = await create();
    const again = await create();
    expect([made.status, again.status, again.body.id]).toEqual([201, 200, made.body.id]);
  });

  test('criteria in the query of a create are those of If-None-Exist, as fhirpy sends them', async () => {
    const patient = { resourceType: 'Patient', identifier: [{ system: 'urn:q', value: '1' }] };
    const create = (query: string, headers = {}) => it.ask('POST', `Patient?${query}`, patient, { headers });
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('identifier=urn:q%7C1&_format=json')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    for (const refused of [
      await create('identifier=urn:q%7C1&foo=bar'),
      await create('identifier=urn:q%7C1&_count=1'),
      await create('identifier=urn:q%7C1', { 'if-none-exist': 'identifier=urn:q|2' }),
    ]) {
      expect(refused).toMatchObject({ status: 400, body: { issue: [{ code: 'not-supported' }] } });
    }
    expect(await found('Patient?identifier=urn:q%7C1')).toHaveLength(1);
  });

  test('a conditional delete deletes all that match', async () => {
    for (const id of ['d1', 'd2', 'kept'])
      await put({ resourceType: 'Patient', id, identifier: [{ value: id === 'kept' ? 'kept' : 'doomed' }] });
    expect((await it.ask('DELETE', 'Patient?identifier=doomed')).status).toBe(204);
    expect(await found('Patient?_id=d1,d2,kept')).toEqual(['kept']);
    expect((await it.ask('GET', 'Patient/d1')).status).toBe(410);
    expect((await it.ask('DELETE', 'Patient?identifier=doomed')).status).toBe(204);
  });

  test('a conditional patch that nothing matches is 404', async () => {
    const patch = [{ op: 'replace', path: '/gender', value: 'male' }];
    expect((await it.ask('PATCH', 'Patient?identifier=nobody', patch, JSON_PATCH)).status).toBe(404);
  });

  test('a reference by identifier alone needs no target, a literal one does', async () => {
    const logical = { ...observation('p'), subject: { identifier: { system: 'urn:mrn', value: '1' } } };
    expect((await it.ask('POST', 'Observation', logical)).status).toBe(201);
    expect((await it.ask('POST', 'Observation', observation('nobody'))).status).toBe(422);
  });
});

describe('Prefer', () => {
  const writes = (prefer: string) => {
    const headers = { prefer };
    const resource = { resourceType: 'Patient', id: 'w', name: [{ family: prefer }] };
    const patch = [{ op: 'add', path: '/active', value: prefer.endsWith('l') }];
    return [
      () => it.ask('POST', 'Patient', resource, { headers }),
      () => it.ask('PUT', 'Patient/w', resource, { headers }),
      () => it.ask('PATCH', 'Patient/w', patch, { headers, ...JSON_PATCH }),
    ];
  };

  test('return=minimal gives no body after any write, and still where it is', async () => {
    for (const write of writes('return=minimal')) {
      const { text, headers } = await write();
      expect([text, headers['ETag']]).toEqual(['', expect.stringMatching(/^W\//)]);
    }
  });

  test('return=representation, as by default, gives what is stored', async () => {
    for (const write of writes('return=representation')) {
      const { body, headers } = await write();
      expect(body.resourceType).toBe('Patient');
      expect(headers['ETag']).toBe(`W/"${body.meta.versionId}"`);
      expect((await it.ask('GET', `Patient/${body.id}`)).body).toEqual(body);
    }
    expect((await it.ask('POST', 'Patient', { resourceType: 'Patient' })).body.resourceType).toBe('Patient');
  });

  test('a preference that is not known is ignored: fhirclient.js patches with return=presentation', async () => {
    for (const write of writes('return=presentation')) {
      const { status, body } = await write();
      expect([status < 300, body.resourceType]).toEqual([true, 'Patient']);
    }
    const { status } = await it.ask('GET', 'Patient?foo=bar', undefined, { headers: { prefer: 'handling=kind' } });
    expect(status).toBe(400);
  });

  test('return=OperationOutcome tells what was done', async () => {
    for (const write of writes('return=OperationOutcome')) {
      const { body } = await write();
      expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ severity: 'information' }] });
    }
  });

  test('handling=strict, as by default, refuses a parameter that is not known', async () => {
    for (const headers of [{}, { prefer: 'handling=strict' }, { prefer: 'return=minimal' }])
      expect((await it.ask('GET', 'Patient?famly=x', undefined, { headers })).status).toBe(400);
  });

  test('handling=lenient leaves it out and says so, in an outcome and in the self link', async () => {
    const { status, body } = await it.ask('GET', 'Patient?famly=x&_id=p', undefined, {
      headers: { prefer: 'handling=lenient' },
    });
    expect(status).toBe(200);
    expect(body.entry.map(({ search }: { search: { mode: string } }) => search.mode)).toEqual(['match', 'outcome']);
    expect(body.entry[1].resource.issue[0].diagnostics).toContain('famly');
    expect(body.link[0].url).toMatch(/\/Patient\?_id=p$/);
  });
});
