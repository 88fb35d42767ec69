import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BASE, type Living, living, type Seen } from './living.ts';

let it: Living;
const put = async (resource: { resourceType: string; id: string; [member: string]: unknown }) => {
  const { status, text } = await it.ask('PUT', `${resource.resourceType}/${resource.id}`, resource);
  if (status !== 201) throw new Error(text);
};
const DRUGS = 'http://example.org/drugs';
const medication = (id: string, code: string) => ({
  resourceType: 'Medication',
  id,
  status: 'active',
  code: { coding: [{ system: DRUGS, code, display: `Tablets of ${code}` }] },
});
const prescription = (id: string, patient: string, reference: string, ...contained: object[]) => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: `Patient/${patient}` },
  medicationReference: { reference },
  ...(contained.length > 0 && { contained }),
});
beforeAll(async () => {
  it = await living();
  await put({ resourceType: 'Patient', id: 'a', name: [{ family: 'Adler' }] });
  await put({ resourceType: 'Patient', id: 'b', name: [{ family: 'Berger' }] });
  await put(medication('stored', 'sertraline'));
  await put(prescription('refers', 'a', 'Medication/stored'));
  await put(prescription('contains', 'b', '#m', medication('m', 'sertraline')));
  await put(prescription('other', 'b', '#m', medication('m', 'lithium')));
  await put({
    ...prescription('beside', 'b', '#m', medication('m', 'lithium'), medication('n', 'sertraline')),
    supportingInformation: [{ reference: '#n' }],
  });
  await put({
    resourceType: 'MedicationAdministration',
    id: 'given',
    status: 'completed',
    subject: { reference: 'Patient/b' },
    effectiveDateTime: '2026-01-01',
    medicationCodeableConcept: { text: 'see request' },
    request: { reference: 'MedicationRequest/contains' },
  });
  await put({
    resourceType: 'Observation',
    id: 'sampled',
    status: 'final',
    code: { text: 'lithium level' },
    subject: { reference: '#someone' },
    contained: [{ resourceType: 'Patient', id: 'someone', name: [{ family: 'Berger' }], birthDate: '1980-05-05' }],
  });
});
afterAll(() => it.stop());

const ids = ({ body }: Seen): string[] =>
  (body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).sort();
const get = async (url: string, asking = {}) => ids(await it.ask('GET', url, undefined, asking));

test('a chain is followed into contained resources as into stored ones', async () => {
  expect(await get('MedicationRequest?medication.code=sertraline')).toEqual(['contains', 'refers']);
  expect(await get(`MedicationRequest?medication:Medication.code=${DRUGS}|sertraline`)).toEqual(['contains', 'refers']);
  expect(await get('MedicationRequest?medication.code=nonsense,lithium')).toEqual(['beside', 'other']);
  expect(await get('MedicationRequest?medication.code:text=tablets%20of%20s')).toEqual(['contains', 'refers']);
  expect(await get('Observation?patient.name=berg')).toEqual(['sampled']);
  expect(await get('Observation?subject:Patient.birthdate=lt1990&status=final')).toEqual(['sampled']);
});

test('what a contained resource lacks, is not, or is from or until, is found as that of a stored one', async () => {
  expect(await get('MedicationRequest?medication.code:not=lithium')).toEqual(['contains', 'refers']);
  expect(await get('MedicationRequest?medication.form:missing=true&_id=contains,refers')).toEqual([
    'contains',
    'refers',
  ]);
  expect(await get('MedicationRequest?medication.code:missing=true')).toEqual([]);
  expect(await get('Observation?subject:Patient.birthdate=ge1980-05-05')).toEqual(['sampled']);
  expect(await get('Observation?subject:Patient.birthdate=le1980-05')).toEqual(['sampled']);
  expect(await get('Observation?subject:Patient.birthdate=ge1981')).toEqual([]);
});

test('only what that reference points at counts, not all that is contained', async () => {
  expect(await get('MedicationRequest?medication.code=sertraline&subject=Patient/b')).toEqual(['contains']);
  expect(await get('MedicationRequest?medication.code=sertraline&medication.code=lithium')).toEqual([]);
});

test('chains over chains, reverse chains, counts and sorted pages follow too', async () => {
  expect(await get('MedicationAdministration?request.medication.code=sertraline')).toEqual(['given']);
  expect(await get('Patient?_has:MedicationRequest:subject:medication.code=sertraline')).toEqual(['a', 'b']);
  expect((await it.ask('GET', 'MedicationRequest?medication.code=sertraline&_summary=count')).body.total).toBe(2);
  const first = await it.ask('GET', 'MedicationRequest?medication.code=sertraline,lithium&_sort=_id&_count=3');
  expect(ids(first)).toEqual(['beside', 'contains', 'other']);
  const next = first.body.link.find(({ relation }: { relation: string }) => relation === 'next').url;
  expect(await get(next.slice(BASE.length))).toEqual(['refers']);
});

test("a chain is followed into a Bundle's first entry, stored besides or not, and into no other entry", async () => {
  const composition = (id: string, title: string) => ({
    resourceType: 'Composition',
    id,
    status: 'final',
    type: { coding: [{ system: 'http://loinc.org', code: '11503-0' }] },
    date: '2026-02-03',
    author: [{ reference: 'Patient/a' }],
    subject: { reference: 'Patient/a' },
    title,
  });
  const bundle = (id: string, type: string, ...resources: { resourceType: string; id: string }[]) => ({
    resourceType: 'Bundle',
    id,
    type,
    ...(type === 'document' && {
      identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e${id.length}` },
      timestamp: '2026-02-03T10:00:00Z',
    }),
    entry: resources.map((it) => ({ fullUrl: `http://example.org/${it.resourceType}/${it.id}`, resource: it })),
  });
  const patient = { resourceType: 'Patient', id: 'x', name: [{ family: 'Berger' }] };
  await put(bundle('document', 'document', composition('c1', 'Discharge'), patient));
  await put(bundle('collection', 'collection', patient, composition('c2', 'Discharge')));
  const header = { eventCoding: { system: 'http://e', code: 'admit' }, source: { endpoint: 'http://s' } };
  await put(bundle('message', 'message', { resourceType: 'MessageHeader', id: 'h', ...header }));
  expect(await get('Bundle?composition.title=disch')).toEqual(['document']);
  expect(await get('Bundle?composition.type=http://loinc.org|11503-0&composition.date=2026-02')).toEqual(['document']);
  expect(await get('Bundle?composition:Composition.subject=Patient/a')).toEqual(['document']);
  expect(await get('Bundle?composition.title=other')).toEqual([]);
  expect(await get('Bundle?message.event=admit')).toEqual(['message']);
  expect(await get('Bundle?message.event=discharge')).toEqual([]);
  expect(await get('Composition?_contained=true&title=disch')).toEqual([]);
});

test('a page link holds when the first contained target is written between two pages', async () => {
  for (const id of ['one', 'two'])
    await put({
      resourceType: 'DiagnosticReport',
      id,
      status: 'final',
      code: { text: 'report' },
      subject: { reference: 'Patient/b' },
    });
  const first = await it.ask('GET', 'DiagnosticReport?subject:Patient.name=berger&_count=1&_sort=_id');
  await put({
    resourceType: 'DiagnosticReport',
    id: 'zero',
    status: 'final',
    code: { text: 'report' },
    subject: { reference: '#p' },
    contained: [{ resourceType: 'Patient', id: 'p', name: [{ family: 'Berger' }] }],
  });
  const next = first.body.link.find(({ relation }: { relation: string }) => relation === 'next').url;
  expect([...ids(first), ...(await get(next.slice(BASE.length)))]).toEqual(['one', 'two']);
  expect(await get('DiagnosticReport?subject:Patient.name=berger')).toEqual(['one', 'two', 'zero']);
});

test('a token follows where it may search the type without limits, and nowhere else', async () => {
  const all = 'user/MedicationRequest.rs user/Medication.rs';
  expect(await get('MedicationRequest?medication.code=lithium', { scope: all })).toEqual(['beside', 'other']);
  const some = 'user/MedicationRequest.rs user/Medication.rs?status=inactive';
  expect(await get('MedicationRequest?medication.code=lithium', { scope: some })).toEqual([]);
  const none = await it.ask('GET', 'MedicationRequest?medication.code=lithium', undefined, {
    scope: 'user/MedicationRequest.rs',
  });
  expect(none.status).toBe(403);
  expect(
    await get('MedicationRequest?medication.code=sertraline', {
      scope: 'patient/MedicationRequest.rs user/Medication.rs',
      patient: 'a',
    }),
  ).toEqual(['refers']);
});
