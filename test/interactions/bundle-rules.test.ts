import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Living, living } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
  await it.ask('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p' });
});
afterAll(() => it.stop());

const UUID = 'urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a';
const entry = (method: string, url: string, resource?: object, more: object = {}, fullUrl?: string) => ({
  ...(fullUrl !== undefined && { fullUrl }),
  ...(resource !== undefined && { resource }),
  request: { method, url, ...more },
});
const send = (type: string, entries: readonly object[], prefer = 'return=representation', more: object = {}) =>
  it.ask('POST', '', { resourceType: 'Bundle', type, entry: entries, ...more }, { headers: { prefer } });
const numbered = (value: string) => ({ resourceType: 'Patient', identifier: [{ system: 'urn:n', value }] });
const by = (value: string) => `Patient?identifier=urn:n|${value}`;
const about = (reference: string) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference },
});
const count = async (query: string): Promise<number> => (await it.ask('GET', `${query}&_summary=count`)).body.total;

describe('a transaction is as if processed in order: deletes, creates, updates, then conditional references', () => {
  test('a conditional create does not find what the same transaction deletes', async () => {
    const before = (await it.ask('POST', 'Patient', numbered('1'))).body.id;
    const { status, body } = await send('transaction', [
      entry('POST', 'Patient', numbered('1'), { ifNoneExist: 'identifier=urn:n|1' }, UUID),
      entry('POST', 'Observation', about(UUID)),
      entry('DELETE', by('1')),
    ]);
    expect([status, body.entry?.[0].response.status]).toEqual([200, '201 Created']);
    const made = body.entry[0].resource.id;
    expect(made).not.toBe(before);
    expect(body.entry[1].resource.subject.reference).toBe(`Patient/${made}`);
    expect(await count(by('1'))).toBe(1);
  });

  test('a conditional reference finds what the same transaction creates, and not what it deletes or changes', async () => {
    const created = await send('transaction', [
      entry('POST', 'Observation', about(by('2'))),
      entry('POST', 'Patient', numbered('2')),
    ]);
    const patient = created.body.entry[1].resource.id;
    expect(created.body.entry[0].resource.subject.reference).toBe(`Patient/${patient}`);
    const gone = await send('transaction', [entry('POST', 'Observation', about(by('2'))), entry('DELETE', by('2'))]);
    expect(gone).toMatchObject({
      status: 422,
      body: { issue: [{ expression: ['Bundle.entry[0].resource.subject'] }] },
    });
    const renumbered = { ...numbered('3'), id: patient };
    const changed = await send('transaction', [
      entry('POST', 'Observation', about(by('2'))),
      entry('PUT', `Patient/${patient}`, renumbered),
    ]);
    expect(changed.status).toBe(422);
    expect(await count(by('2'))).toBe(1);
  });

  test('a conditional update of what the same transaction creates is one identity twice', async () => {
    const { status, body } = await send('transaction', [
      entry('PUT', by('4'), numbered('4')),
      entry('POST', 'Patient', numbered('4')),
    ]);
    expect([status, body.issue[0].code, body.issue[0].expression]).toEqual([
      400,
      'duplicate',
      ['Bundle.entry[0].request.url'],
    ]);
    expect(await count(by('4'))).toBe(0);
  });
});

describe('links between entries', () => {
  test('are replaced in every href and src of the narrative, however they are quoted', async () => {
    const div = `<div xmlns="http://www.w3.org/1999/xhtml"><a href='${UUID}'>a</a><a href = "${UUID}">b</a><p title="${UUID}">c</p></div>`;
    const { body } = await send('transaction', [
      entry('POST', 'Patient', { resourceType: 'Patient', text: { status: 'generated', div } }, {}, UUID),
    ]);
    const { id, text } = body.entry[0].resource;
    expect(text.div.match(new RegExp(`Patient/${id}`, 'g'))).toHaveLength(2);
    expect(text.div).toContain(`title="${UUID}"`);
  });

  test('are replaced in uris, and neither in canonicals nor in text', async () => {
    const { body } = await send('transaction', [
      entry('POST', 'Questionnaire', { resourceType: 'Questionnaire', status: 'active', title: UUID }, {}, UUID),
      entry('POST', 'Basic', {
        resourceType: 'Basic',
        code: { text: 'x' },
        extension: [
          { url: 'urn:u', valueUri: UUID },
          { url: 'urn:c', valueCanonical: UUID },
        ],
      }),
    ]);
    const [questionnaire, basic] = body.entry.map(({ resource }: { resource: object }) => resource);
    expect(questionnaire.title).toBe(UUID);
    expect(basic.extension[0].valueUri).toBe(`Questionnaire/${questionnaire.id}`);
    expect(basic.extension[1].valueCanonical).toBe(UUID);
  });

  test('are replaced in the values of a FHIRPath Patch', async () => {
    const part = [
      { name: 'type', valueCode: 'add' },
      { name: 'path', valueString: 'Patient' },
      { name: 'name', valueString: 'managingOrganization' },
      { name: 'value', valueReference: { reference: UUID } },
    ];
    const { body } = await send('transaction', [
      entry('PATCH', 'Patient/p', { resourceType: 'Parameters', parameter: [{ name: 'operation', part }] }),
      entry('POST', 'Organization', { resourceType: 'Organization', name: 'o' }, {}, UUID),
    ]);
    const [patient, organization] = body.entry.map(({ resource }: { resource: object }) => resource);
    expect(patient.managingOrganization.reference).toBe(`Organization/${organization.id}`);
  });

  test('between entries of a batch are refused, the entry for itself', async () => {
    const { status, body } = await send('batch', [
      entry('POST', 'Patient', { resourceType: 'Patient' }, {}, UUID),
      entry('POST', 'Observation', about(UUID)),
    ]);
    const [created, refused] = body.entry.map(({ response }: { response: object }) => response);
    expect([status, created.status, refused.status]).toEqual([200, '201 Created', '400 Bad Request']);
    expect(refused.outcome.issue[0].expression).toEqual(['Bundle.entry[1].resource.subject']);
  });
});

describe('entries say what they mean, or are refused', () => {
  test('a precondition of the wrong type stops the Bundle instead of being passed over', async () => {
    const put = entry('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p', active: true }, { ifMatch: 1 });
    const { status, body } = await send('transaction', [put]);
    expect([status, body.issue[0].expression]).toEqual([400, ['Bundle.entry[0].request.ifMatch']]);
  });

  test.each([
    ['an element of the Bundle', {}, { ifmatch: '1' }, ['Bundle.ifmatch']],
    ['an element of a request', { ifmatch: 'W/"1"' }, {}, ['Bundle.entry[0].request.ifmatch']],
  ])('%s that there is not is named', async (_what, request, more, expression) => {
    const { status, body } = await send('transaction', [entry('DELETE', 'Patient/p', undefined, request)], '', more);
    expect([status, body.issue[0].expression]).toEqual([400, expression]);
  });

  test('a Bundle without entries is no error', async () => {
    expect((await send('transaction', [])).status).toBe(200);
  });

  test('HEAD gives the headers of GET and no content', async () => {
    const { body } = await send('batch', [entry('HEAD', 'Patient/p'), entry('GET', 'Patient/p')]);
    const [head, got] = body.entry;
    expect(head).toEqual({ response: got.response });
    expect(got.resource.id).toBe('p');
  });

  test('ifNoneMatch * of an update creates only, ifMatch of a delete by criteria needs a match', async () => {
    const put = entry('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p', active: true }, { ifNoneMatch: '*' });
    expect((await send('transaction', [put])).status).toBe(412);
    const none = entry('DELETE', by('none'), undefined, { ifMatch: 'W/"1"' });
    expect((await send('transaction', [none])).status).toBe(412);
  });

  test.each(['batch', 'transaction'])(
    'a parameter unknown to a search of a %s is told at the URL that states it',
    async (type) => {
      const { body } = await send(type, [entry('GET', 'Patient?colour=blue')]);
      expect(body.entry[0].response).toMatchObject({
        status: '400 Bad Request',
        outcome: { issue: [{ expression: ['Bundle.entry[0].request.url'] }] },
      });
      const lenient = await send(type, [entry('GET', 'Patient?colour=blue')], 'handling=lenient');
      expect(lenient.body.entry[0].response.status).toBe('200 OK');
    },
  );

  test('criteria that cannot be read are told where they stand', async () => {
    const bad = entry('POST', 'Patient', numbered('5'), { ifNoneExist: 'colour=blue' });
    const { body } = await send('transaction', [bad]);
    expect(body.issue[0].expression).toEqual(['Bundle.entry[0].request.ifNoneExist']);
  });
});
