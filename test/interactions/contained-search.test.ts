import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BASE, type Living, living, type Seen } from './living.ts';

let it: Living;
const put = async (resource: { resourceType: string; id: string; [member: string]: unknown }) => {
  const { status, text } = await it.ask('PUT', `${resource.resourceType}/${resource.id}`, resource);
  if (status !== 201 && status !== 200) throw new Error(text);
};
const DRUGS = 'http://example.org/drugs';
const medication = (id: string, code: string, status = 'active') => ({
  resourceType: 'Medication',
  id,
  status,
  code: { coding: [{ system: DRUGS, code }], text: `Tablets of ${code}` },
});
const prescription = (id: string, patient: string, ...contained: { id: string }[]) => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: `Patient/${patient}` },
  medicationReference: { reference: `#${contained[0]?.id}` },
  ...(contained.length > 1 && {
    supportingInformation: contained.slice(1).map((one) => ({ reference: `#${one.id}` })),
  }),
  contained,
});
beforeAll(async () => {
  it = await living();
  await put({ resourceType: 'Patient', id: 'a' });
  await put({ resourceType: 'Patient', id: 'b' });
  await put(medication('alone', 'sertraline'));
  await put(prescription('one', 'a', medication('m1', 'sertraline')));
  await put(prescription('two', 'b', medication('m1', 'lithium', 'inactive'), medication('m2', 'sertraline')));
  await put(prescription('three', 'b', medication('m1', 'lithium')));
  await put({
    resourceType: 'MedicationStatement',
    id: 'said',
    status: 'active',
    subject: { reference: 'Patient/a' },
    medicationReference: { reference: '#m1' },
    contained: [medication('m1', 'sertraline', 'inactive')],
  });
});
afterAll(() => it.stop());

interface Entry {
  readonly fullUrl: string;
  readonly resource: { readonly resourceType: string; readonly id: string };
  readonly search: { readonly mode: string };
}
const urls = ({ body }: Seen): string[] =>
  (body.entry ?? []).map(({ fullUrl }: Entry) => fullUrl.slice(BASE.length + 1)).sort();
const get = async (url: string, asking = {}) => {
  const seen = await it.ask('GET', url, undefined, asking);
  return seen.status === 200 ? urls(seen) : [seen.status, seen.body.issue[0].diagnostics];
};

describe('_contained', () => {
  test('one type named at system level is searched as by its own url', async () => {
    const asked = 'code=sertraline&_contained=true';
    expect(await get(`?_type=Medication&${asked}`)).toEqual(await get(`Medication?${asked}`));
    expect(await get(`?_type=Medication&${asked}`)).toContain('MedicationRequest/one');
  });

  test('without it contained resources are not found', async () => {
    expect(await get('Medication?code=sertraline')).toEqual(['Medication/alone']);
    expect(await get('Medication?code=sertraline&_contained=false')).toEqual(['Medication/alone']);
  });

  test('true gives the containers, of whatever type, marked as matches', async () => {
    const seen = await it.ask('GET', `Medication?code=${DRUGS}|sertraline&_contained=true`);
    expect(urls(seen)).toEqual(['MedicationRequest/one', 'MedicationRequest/two', 'MedicationStatement/said']);
    expect(seen.body.entry.every(({ search }: Entry) => search.mode === 'match')).toBe(true);
    expect(await get('Medication?_contained=true&_id=m2')).toEqual(['MedicationRequest/two']);
    expect((await get('Medication?_contained=true')).length).toBe(4);
    expect(await get('Practitioner?_contained=true')).toEqual([]);
  });

  test('several criteria must hold of one and the same contained resource', async () => {
    expect(await get('Medication?_contained=true&code=sertraline&status=inactive')).toEqual([
      'MedicationStatement/said',
    ]);
    expect(await get('Medication?_contained=true&code=lithium&_id=m2')).toEqual([]);
    const both = encodeURIComponent('code eq lithium and status eq inactive');
    expect(await get(`Medication?_contained=true&_filter=${both}`)).toEqual(['MedicationRequest/two']);
  });

  test('modifiers mean the contained resource, not all of them together', async () => {
    expect(await get('Medication?_contained=true&code:not=lithium')).toEqual([
      'MedicationRequest/one',
      'MedicationRequest/two',
      'MedicationStatement/said',
    ]);
    expect(await get('Medication?_contained=true&code:text=tablets%20of%20li')).toEqual([
      'MedicationRequest/three',
      'MedicationRequest/two',
    ]);
    expect(await get('Medication?_contained=true&manufacturer:missing=false')).toEqual([]);
    expect((await get('Medication?_contained=true&manufacturer:missing=true')).length).toBe(4);
    expect(await get('Medication?_contained=true&_content=lithium&status=active')).toEqual(['MedicationRequest/three']);
    expect(await get('Medication?_contained=true&_lastUpdated=gt2000-01-01')).toEqual([]);
  });

  test('both adds those that stand alone', async () => {
    expect(await get('Medication?_contained=both&code=sertraline')).toEqual([
      'Medication/alone',
      'MedicationRequest/one',
      'MedicationRequest/two',
      'MedicationStatement/said',
    ]);
  });

  test('a resource that matches itself and contains a match is given once', async () => {
    const patient = { resourceType: 'Observation', status: 'final', code: { text: 'panel' } };
    await put({
      ...patient,
      id: 'panel',
      subject: { reference: 'Patient/a' },
      hasMember: [{ reference: '#o1' }],
      contained: [{ ...patient, id: 'o1' }],
    });
    expect(await get('Observation?_contained=both&status=final')).toEqual(['Observation/panel']);
    expect(await get('Observation?_contained=both&status=final&_containedType=contained')).toEqual([
      'Observation/panel',
      'Observation/panel#o1',
    ]);
  });
});

describe('_containedType=contained', () => {
  test('gives the contained resource itself, under its place in the container', async () => {
    const { body } = await it.ask(
      'GET',
      'Medication?_contained=true&_containedType=contained&code=lithium&status=inactive',
    );
    expect(body.entry).toEqual([
      {
        fullUrl: `${BASE}/MedicationRequest/two#m1`,
        resource: medication('m1', 'lithium', 'inactive'),
        search: { mode: 'match' },
      },
    ]);
  });

  test('every match of a container is one of its own, counted and paged as such', async () => {
    const url = 'Medication?_contained=true&_containedType=contained';
    expect((await it.ask('GET', `${url}&_summary=count`)).body.total).toBe(5);
    expect((await it.ask('GET', 'Medication?_contained=true&_total=accurate&_count=1')).body.total).toBe(4);
    expect((await it.ask('GET', 'Medication?_contained=both&_summary=count&code=sertraline')).body.total).toBe(4);
  });

  test.each([1, 2, 3, 4])('pages of %i lose nothing, repeat nothing and hold no more', async (count) => {
    for (const [query, expected] of [
      ['Medication?_contained=true&_containedType=contained', 5],
      ['Medication?_contained=both&_containedType=contained&code:not=lithium', 4],
      ['Medication?_contained=both&code=sertraline', 4],
      ['Medication?_contained=true&code=sertraline&status=inactive', 1],
    ] as const) {
      const seen: string[] = [];
      let url: string | undefined = `${query}&_count=${count}`;
      while (url !== undefined) {
        const page: Seen = await it.ask('GET', url);
        expect(page.status).toBe(200);
        expect((page.body.entry ?? []).length).toBeLessThanOrEqual(count);
        seen.push(...urls(page));
        url = page.body.link.find(({ relation }: { relation: string }) => relation === 'next')?.url.slice(BASE.length);
      }
      expect([seen.length, new Set(seen).size]).toEqual([expected, expected]);
    }
  });

  test('takes _summary and _elements', async () => {
    const url = 'Medication?_contained=true&_containedType=contained&_id=m2';
    const [{ resource }] = (await it.ask('GET', `${url}&_elements=status`)).body.entry;
    expect(resource).toMatchObject({ resourceType: 'Medication', id: 'm2', status: 'active' });
    expect(resource.code).toBeUndefined();
    const [summed] = (await it.ask('GET', `${url}&_summary=true`)).body.entry;
    expect(summed.resource).toMatchObject({ id: 'm2', code: { text: 'Tablets of sertraline' } });
  });
});

describe('what is contained follows its container', () => {
  test('a changed or deleted container is found by what it holds now', async () => {
    await put(prescription('changing', 'a', medication('m1', 'quetiapine')));
    expect(await get('Medication?_contained=true&code=quetiapine')).toEqual(['MedicationRequest/changing']);
    await put(prescription('changing', 'a', medication('m1', 'olanzapine')));
    expect(await get('Medication?_contained=true&code=quetiapine')).toEqual([]);
    expect(await get('Medication?_contained=true&code=olanzapine')).toEqual(['MedicationRequest/changing']);
    await it.ask('DELETE', 'MedicationRequest/changing');
    expect(await get('Medication?_contained=true&code=olanzapine')).toEqual([]);
  });

  test('a token sees in containers only what it may search itself, and only where it may search the container', async () => {
    const patient = (id: string) => ({ scope: 'patient/*.rs', patient: id });
    expect((await get('Medication?_contained=true&code=lithium', patient('b')))[0]).toBe(403);
    const some = 'patient/MedicationRequest.rs user/Medication.rs';
    expect(await get('Medication?_contained=true&code=sertraline', { scope: some, patient: 'a' })).toEqual([
      'MedicationRequest/one',
    ]);
    expect(
      await get('Medication?_contained=true', {
        scope: 'user/MedicationRequest.rs user/Medication.rs?status=inactive',
      }),
    ).toEqual(['MedicationRequest/two']);
  });

  test('includes are the container’s', async () => {
    expect(await get('Medication?_contained=true&_id=m2&_include=MedicationRequest:patient')).toEqual([
      'MedicationRequest/two',
      'Patient/b',
    ]);
  });
});

test.each([
  ['?_type=Medication,Patient&_contained=true', 'one type at a time'],
  ['Patient/a/MedicationRequest?_contained=true', 'no compartment'],
  ['AuditEvent?_contained=true', 'AuditEvent'],
  ['Medication?_contained=yes', "'yes'"],
  ['Medication?_contained=true&_containedType=all', "'all'"],
  ['Medication?_contained=true&_sort=code', 'newest container'],
  ['Medication?_contained=true&manufacturer.name=x', 'chained'],
  ['Medication?_contained=true&_containedType=contained&_include=Medication:manufacturer', 'nothing is included'],
])('%s is refused precisely', async (url, reason) => {
  expect(await get(url)).toEqual([400, expect.stringContaining(reason)]);
});

test('__explain gives the plan of the candidates', async () => {
  const { body } = await it.ask('GET', 'Medication?_contained=true&code=lithium&__explain=true');
  expect(body).toMatchObject({ resourceType: 'Parameters', parameter: [{ name: 'plan' }] });
});

test('a search for very many values is answered in bounded time, alike', async () => {
  const many = Array.from({ length: 1500 }, (_, n) => `drug-${n}`).join(',');
  expect(await get(`Medication?_contained=true&code=${many},sertraline&status=inactive`)).toEqual([
    'MedicationStatement/said',
  ]);
  expect(await get(`Patient?_contained=true&name=${many}`)).toEqual([]);
});
