import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { everything } from '../../operations/everything/everything.ts';
import { served } from '../../src/operation/served.ts';
import { BASE, type Living, living, observation, type Seen } from '../interactions/living.ts';

let it: Living;
const put = async (resource: { resourceType: string; id: string; [member: string]: unknown }) => {
  const { status, text } = await it.ask('PUT', `${resource.resourceType}/${resource.id}`, resource);
  if (status !== 201) throw new Error(text);
};
beforeAll(async () => {
  it = await living({ operations: [served(everything)] });
  await put({ resourceType: 'Patient', id: 'a', gender: 'female' });
  await put({ resourceType: 'Patient', id: 'b', gender: 'male' });
  await put({ resourceType: 'Practitioner', id: 'doctor' });
  await put({ ...observation('a'), id: 'oa' });
  await put({ ...observation('b', { effectiveDateTime: '2026-03-01' }), id: 'ob' });
  await put({ resourceType: 'Observation', id: 'nobody', status: 'final', code: { text: 'room temperature' } });
  await put({ resourceType: 'Basic', id: 'watch', code: { text: 'a watch' }, subject: { reference: 'Patient/a' } });
  await put({ resourceType: 'Basic', id: 'shelf', code: { text: 'a shelf' } });
});
afterAll(() => it.stop());

const ids = ({ body }: Seen): string[] =>
  (body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).sort();
const get = async (query: string, asking = {}) =>
  ids(await it.ask('GET', `Patient/$everything${query}`, undefined, asking));

test('on the type it gives every patient’s record, and nothing that is no patient’s', async () => {
  expect(await get('')).toEqual(['a', 'b', 'oa', 'ob', 'watch']);
  expect(await get('?_type=Observation,Basic')).toEqual(['oa', 'ob', 'watch']);
  expect(await get('?start=2026-02-01&_type=Observation')).toEqual(['ob']);
  const posted = await it.ask('POST', 'Patient/$everything', {
    resourceType: 'Parameters',
    parameter: [{ name: '_type', valueCode: 'Basic' }],
  });
  expect(ids(posted)).toEqual(['watch']);
});

test('its pages lose nothing and repeat nothing', async () => {
  const seen: string[] = [];
  let url: string | undefined = 'Patient/$everything?_count=1';
  while (url !== undefined) {
    const page: Seen = await it.ask('GET', url);
    expect(ids(page).length).toBeLessThanOrEqual(1);
    seen.push(...ids(page));
    url = page.body.link.find(({ relation }: { relation: string }) => relation === 'next')?.url.slice(BASE.length);
  }
  expect(seen.sort()).toEqual(['a', 'b', 'oa', 'ob', 'watch']);
});

test('a token gets the records of the patients it may read, by the types it may search', async () => {
  expect(await get('', { scope: 'patient/*.rs', patient: 'b' })).toEqual(['b', 'ob']);
  expect(await get('', { scope: 'user/Patient.rs user/Observation.rs' })).toEqual(['a', 'b', 'oa', 'ob']);
  expect(await get('', { scope: 'user/Patient.rs?gender=female user/*.s' })).toEqual(['a', 'oa', 'watch']);
  expect((await it.ask('GET', 'Patient/$everything', undefined, { scope: 'user/Observation.rs' })).status).toBe(403);
  expect(
    (await it.ask('GET', 'Patient/$everything?_type=Observation', undefined, { scope: 'user/Patient.rs' })).status,
  ).toBe(403);
});

test('of one patient it gives that one’s, and an unknown parameter is named', async () => {
  expect(ids(await it.ask('GET', 'Patient/a/$everything'))).toEqual(['a', 'oa', 'watch']);
  const refused = await it.ask('GET', 'Patient/$everything?_offset=3');
  expect([refused.status, refused.body.issue[0].diagnostics]).toEqual([400, expect.stringContaining("'_offset'")]);
  expect((await it.ask('GET', 'Patient/unknown/$everything')).status).toBe(404);
});

describe('what the record refers to outside of the compartment', () => {
  beforeAll(async () => {
    await put({ resourceType: 'Organization', id: 'clinic', name: 'Clinic' });
    await put({ resourceType: 'Practitioner', id: 'nurse', active: true });
    await put({ resourceType: 'Binary', id: 'scan', contentType: 'text/plain', data: 'AAAA' });
    await put({ resourceType: 'Medication', id: 'pill', code: { text: 'a pill' } });
    await put({ resourceType: 'Patient', id: 'c', managingOrganization: { reference: 'Organization/clinic' } });
    await put({
      resourceType: 'MedicationRequest',
      id: 'order',
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/c' },
      requester: { reference: 'Practitioner/nurse' },
      medicationReference: { reference: 'Medication/pill' },
    });
    await put({
      resourceType: 'DocumentReference',
      id: 'letter',
      status: 'current',
      subject: { reference: 'Patient/c' },
      author: [{ reference: 'Practitioner/nurse' }],
      content: [{ attachment: { contentType: 'text/plain', url: 'Binary/scan' } }],
    });
  });
  const included = async (query = '', asking = {}) => {
    const { body } = await it.ask('GET', `Patient/c/$everything${query}`, undefined, asking);
    return body.entry
      .filter(({ search }: { search: { mode: string } }) => search.mode === 'include')
      .map(({ resource }: { resource: { id: string } }) => resource.id)
      .sort();
  };

  test('comes along once, attachments too', async () => {
    expect(await included()).toEqual(['clinic', 'nurse', 'pill', 'scan']);
  });

  test('comes with the page that refers to it', async () => {
    expect(await included('?_count=1')).toEqual(['nurse', 'scan']);
  });

  test('is of the types that are named, and of those that the token permits', async () => {
    expect(await included('?_type=MedicationRequest')).toEqual([]);
    expect(await included('?_type=MedicationRequest,Medication')).toEqual(['pill']);
    expect(await included('', { scope: 'system/Patient.rs system/MedicationRequest.rs system/Medication.r' })).toEqual([
      'pill',
    ]);
    const { status, body } = await it.ask('GET', 'Patient/c/$everything?_type=Medication');
    expect([status, body.issue[0].expression]).toEqual([400, ['_type']]);
  });

  test('and the next page has the form of the first', async () => {
    const { body } = await it.ask('GET', 'Patient/c/$everything?_count=1&_elements=id');
    for (const { url } of body.link) expect(url).toContain('_elements=id');
    for (const { resource } of body.entry)
      expect(resource.meta.tag).toEqual([expect.objectContaining({ code: 'SUBSETTED' })]);
  });
});
