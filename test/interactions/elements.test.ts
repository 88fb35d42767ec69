import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Living, living, observation } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
  const patient = { resourceType: 'Patient', id: 'a', gender: 'female', name: [{ family: 'Lovelace' }] };
  await it.ask('PUT', 'Patient/a', patient);
  await it.ask('PUT', 'Observation/o', {
    ...observation('a', { valueQuantity: { value: 1 }, note: [{ text: 'n' }] }),
    id: 'o',
  });
});
afterAll(() => it.stop());

const get = (url: string, handling = 'strict') =>
  it.ask('GET', url, undefined, { headers: { prefer: `handling=${handling}` } });
const ALWAYS = ['id', 'meta', 'resourceType'];
const shown = (resource: object) =>
  Object.keys(resource)
    .filter((member) => !ALWAYS.includes(member))
    .sort();

describe('_elements', () => {
  test.each([
    ['Patient', 'name', ['name']],
    ['Patient', 'id,meta,resourceType,name', ['name']],
    ['Patient', 'identifier, name ,active', ['name']],
    ['Patient', 'Patient.name,Observation.value', ['name']],
    ['Patient', 'name.family', ['name']],
    ['Patient', 'contact.name.family,extension.value,contained.name', []],
    ['Observation', 'value', ['code', 'status', 'value']],
    ['Observation', 'value[x]', ['code', 'status', 'value']],
    ['Observation', 'valueQuantity', ['code', 'status', 'value']],
    ['Observation', 'Observation.valueQuantity.code', ['code', 'status', 'value']],
  ])('of %s takes %s in searches, reads and histories', async (type, elements, wanted) => {
    const id = type === 'Patient' ? 'a' : 'o';
    const found = await get(`${type}?_id=${id}&_elements=${elements}`);
    const history = await get(`${type}/_history?_elements=${elements}`);
    const members = wanted.map((name) => (name === 'value' ? 'valueQuantity' : name));
    for (const resource of [
      found.body.entry[0].resource,
      (await get(`${type}/${id}?_elements=${elements}`)).body,
      history.body.entry[0].resource,
    ])
      expect(shown(resource)).toEqual(members);
  });

  test.each([
    ['Patient?', 'nam', "'nam' is no element of Patient; did you mean 'name'?"],
    ['Patient?', 'name,birthdate', "did you mean 'birthDate'?"],
    ['Patient?', 'value', "'value' is no element of Patient"],
    ['Patient?', 'name.famly', "'name.famly' is no element of Patient"],
    ['Patient?', 'Patient.nam', "did you mean 'name'?"],
    ['Patient?', 'name,,id', "'' is no element name"],
    ['Observation?', 'valueFoo', "'valueFoo' is no element of Observation"],
    ['?_type=Patient,Observation&', 'family', "'family' is no element of Patient, Observation"],
    ['Patient/a?', 'nam', "did you mean 'name'?"],
    ['Patient/a/_history/1?', 'nam', "did you mean 'name'?"],
    ['Patient/a/_history?', 'nam', "did you mean 'name'?"],
    ['_history?', 'nothingOfThis', 'is no element of any of'],
    ['metadata?', 'fhirVersin', "did you mean 'fhirVersion'?"],
  ])('%s_elements=%s is refused', async (url, elements, why) => {
    const refused = await get(`${url}_elements=${elements}`);
    expect([refused.status, refused.body.issue[0].expression]).toEqual([400, ['_elements']]);
    expect(refused.body.issue[0].diagnostics).toContain(why);
  });

  test('of several types takes an element of any', async () => {
    const { body } = await get('?_type=Patient,Observation&_elements=gender,note');
    expect(body.entry.map(({ resource }: { resource: object }) => shown(resource))).toEqual([
      ['code', 'note', 'status'],
      ['gender'],
    ]);
  });

  test('with lenient handling is left out, which a search says', async () => {
    const found = await get('Patient?_elements=nam', 'lenient');
    expect(found.body.entry[0].resource).toEqual((await get('Patient/a')).body);
    expect(found.body.entry[1].resource.issue[0].diagnostics).toContain("ignored: search parameter '_elements'");
    expect(found.body.link[0].url).not.toContain('_elements');
    expect((await get('Patient/a?_elements=nam', 'lenient')).body).toEqual((await get('Patient/a')).body);
  });

  test('is read in bounded time, however deep a path it names', async () => {
    const deep = `extension${'.value.extension'.repeat(500)}.nothing`;
    expect((await get(`Patient?_elements=${deep}`)).status).toBe(400);
  });
});
