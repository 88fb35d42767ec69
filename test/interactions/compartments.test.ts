import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Living, living, observation, type Seen } from './living.ts';

let it: Living;
const put = async (resource: { resourceType: string; id: string; [member: string]: unknown }) => {
  const { status, text } = await it.ask('PUT', `${resource.resourceType}/${resource.id}`, resource);
  if (status !== 201) throw new Error(text);
};
const to = (reference: string) => ({ reference });
beforeAll(async () => {
  it = await living();
  await put({ resourceType: 'Patient', id: 'a' });
  await put({ resourceType: 'Patient', id: 'b' });
  await put({ resourceType: 'Practitioner', id: 'doctor' });
  await put({ resourceType: 'RelatedPerson', id: 'mother', patient: to('Patient/a') });
  await put({ resourceType: 'Device', id: 'watch', patient: to('Patient/a') });
  for (const [id, patient] of [
    ['visit', 'a'],
    ['other', 'b'],
  ])
    await put({
      resourceType: 'Encounter',
      id: `${id}`,
      status: 'finished',
      class: { code: 'AMB' },
      subject: to(`Patient/${patient}`),
    });
  const observed = (id: string, patient: string, more: object) => put({ ...observation(patient, more), id } as never);
  await observed('by-doctor', 'a', { performer: [to('Practitioner/doctor')], encounter: to('Encounter/visit') });
  await observed('by-watch', 'a', { device: to('Device/watch') });
  await observed('by-mother', 'b', { performer: [to('RelatedPerson/mother')], encounter: to('Encounter/other') });
  await put({
    resourceType: 'Communication',
    id: 'letter',
    status: 'completed',
    sender: to('Practitioner/doctor'),
    recipient: [to('RelatedPerson/mother'), to('Practitioner/doctor')],
    subject: to('Patient/a'),
    encounter: to('Encounter/visit'),
  });
});
afterAll(() => it.stop());

const ids = ({ body }: Seen): string[] =>
  (body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).sort();
const get = async (url: string, asking = {}) => ids(await it.ask('GET', url, undefined, asking));

test.each([
  ['Encounter/visit/Observation', ['by-doctor']],
  ['Encounter/visit/Communication', ['letter']],
  ['Encounter/visit/Encounter', ['visit']],
  ['Encounter/visit/*', ['by-doctor', 'letter', 'visit']],
  ['Practitioner/doctor/Observation', ['by-doctor']],
  ['Practitioner/doctor/*', ['by-doctor', 'doctor', 'letter']],
  ['RelatedPerson/mother/Communication', ['letter']],
  ['RelatedPerson/mother/*', ['by-mother', 'letter', 'mother']],
  ['Device/watch/Observation', ['by-watch']],
  ['Practitioner/nobody/Observation', []],
])('%s gives what the compartment of that one holds', async (url, expected) => {
  expect(await get(url)).toEqual(expected);
});

test('criteria narrow a compartment, by GET and by POST, and a resource by two ways is there once', async () => {
  expect(await get('Practitioner/doctor/Communication?recipient=RelatedPerson/mother')).toEqual(['letter']);
  expect(await get('Practitioner/doctor/Communication?recipient=Patient/a')).toEqual([]);
  const posted = await it.ask('POST', 'Encounter/visit/Communication/_search', 'sender=Practitioner/doctor', {
    contentType: 'application/x-www-form-urlencoded',
  });
  expect(ids(posted)).toEqual(['letter']);
  const { body } = await it.ask('GET', 'Practitioner/doctor/Communication?_total=accurate');
  expect([body.total, body.entry.length]).toEqual([1, 1]);
});

test('pages of a whole compartment lose nothing and repeat nothing', async () => {
  const seen: string[] = [];
  let url: string | undefined = 'Practitioner/doctor/*?_count=1';
  while (url !== undefined) {
    const page: Seen = await it.ask('GET', url);
    seen.push(...ids(page));
    url = page.body.link.find(({ relation }: { relation: string }) => relation === 'next')?.url.split('/fhir/')[1];
  }
  expect(seen.sort()).toEqual(['by-doctor', 'doctor', 'letter']);
});

test('a patient’s token finds only that patient’s in the compartment of another', async () => {
  const mine = { scope: 'patient/*.rs', patient: 'a' };
  expect(await get('RelatedPerson/mother/*', mine)).toEqual(['letter', 'mother']);
  expect(await get('Encounter/other/Observation', mine)).toEqual([]);
  expect((await it.ask('GET', 'Practitioner/doctor/Practitioner', undefined, mine)).status).toBe(403);
});

test('a type that is in no such compartment, and an owner that has none, are refused by name', async () => {
  const refused = async (url: string) => {
    const { status, body } = await it.ask('GET', url);
    return [status, body.issue[0].diagnostics];
  };
  expect(await refused('Encounter/visit/Patient')).toEqual([
    404,
    expect.stringContaining('Patient is in no compartment of Encounter'),
  ]);
  expect(await refused('Device/watch/Device')).toEqual([404, expect.stringContaining('no compartment of Device')]);
  expect(await refused('Observation/by-watch/Patient')).toEqual([
    404,
    expect.stringContaining('no compartments of Observation'),
  ]);
  expect((await it.ask('GET', 'Encounter/visit/Observation?nonsense=1')).status).toBe(400);
});

test('the CapabilityStatement names the compartments that are served', async () => {
  const { body } = await it.ask('GET', 'metadata');
  const named: string[] = body.rest[0].compartment.map((url: string) => url.split('/').at(-1));
  expect(named).toEqual(['device', 'encounter', 'patient', 'practitioner', 'relatedPerson']);
  for (const name of named) {
    const owner = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    expect((await it.ask('GET', `${owner}/x/*`)).status).toBe(200);
  }
});
