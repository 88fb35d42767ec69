import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { document } from '../../operations/document/document.ts';
import { everything } from '../../operations/everything/everything.ts';
import { summary } from '../../operations/summary/summary.ts';
import { served } from '../../src/operation/served.ts';
import { BASE, type Living, living, observation } from '../interactions/living.ts';

const p = { reference: 'Patient/p' };
const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const condition = (id: string, text: string, status: string) => ({
  resourceType: 'Condition',
  id,
  subject: p,
  code: { text },
  clinicalStatus: { coding: [{ system: CLINICAL, code: status }] },
  onsetDateTime: '2020-01-01',
});
let it: Living;
beforeAll(async () => {
  it = await living({ operations: [document, everything, summary].map(served) });
  const put = async (resource: { resourceType: string; id: string }) => {
    const { status, body } = await it.ask('PUT', `${resource.resourceType}/${resource.id}`, resource);
    expect([status, body?.issue]).toEqual([201, undefined]);
  };
  await put({ resourceType: 'Patient', id: 'p' });
  await put({ resourceType: 'Patient', id: 'empty' });
  await put(condition('now', 'Depression <severe>', 'active'));
  await put(condition('then', 'Measles', 'resolved'));
  await put({ resourceType: 'Medication', id: 'm', code: { text: 'Sertraline' } } as never);
  await put({
    resourceType: 'MedicationStatement',
    id: 'ms',
    status: 'active',
    subject: p,
    medicationReference: { reference: 'Medication/m' },
  } as never);
  const category = [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
  ];
  await put({ ...observation('p', { category }), id: 'heart' });
  await put({ ...observation('p', { effectiveDateTime: '2026-02-01' }), id: 'later' });
  await put({ resourceType: 'Practitioner', id: 'd' });
  await put({
    resourceType: 'Composition',
    id: 'c',
    status: 'final',
    type: { text: 'Letter' },
    subject: p,
    date: '2026-01-01',
    author: [{ reference: 'Practitioner/d' }],
    title: 'Letter',
    section: [{ title: 'Pulse', entry: [{ reference: 'Observation/heart/_history/1' }] }],
  } as never);
});
afterAll(() => it.stop());

type Entry = { fullUrl: string; resource: { resourceType: string; id: string; meta?: { versionId?: string } } };
const errorsOf = (resource: never) => it.world.validate(resource).filter(({ severity }) => severity === 'error');

describe('Patient/$summary', () => {
  type Section = {
    title: string;
    entry?: { reference: string }[];
    text: { div: string };
    emptyReason?: { coding: { code: string }[] };
  };
  const asked = async (id: string, asking = {}) => {
    const { body } = await it.ask('GET', `Patient/${id}/$summary`, undefined, asking);
    const entries: Entry[] = body.entry;
    const sections: Section[] = body.entry[0].resource.section;
    return { body, entries, sections, section: (title: string) => sections.find((one) => one.title === title) };
  };
  test('is a valid document whose references are all inside', async () => {
    for (const id of ['p', 'empty']) {
      const { body, entries, sections } = await asked(id);
      expect(body.type).toBe('document');
      expect(errorsOf(body as never)).toEqual([]);
      for (const { resource } of entries) expect(errorsOf(resource as never)).toEqual([]);
      const urls = new Set(entries.map(({ fullUrl }) => fullUrl));
      for (const { reference } of sections.flatMap(({ entry }) => entry ?? [])) expect(urls).toContain(reference);
    }
  });
  test('puts what is stored into the sections of the guide', async () => {
    const { section, entries, sections } = await asked('p');
    expect(sections.map(({ title }) => title)).toEqual([
      'Problems',
      'Allergies and intolerances',
      'Medications',
      'Vital signs',
      'Past problems',
    ]);
    expect(section('Problems')?.entry).toEqual([{ reference: `${BASE}/Condition/now` }]);
    expect(section('Problems')?.text.div).toContain('Depression &lt;severe&gt; (2020-01-01)');
    expect(section('Medications')?.text.div).toContain('Sertraline');
    expect(section('Vital signs')?.text.div).toContain('60 /min');
    expect(entries.map(({ fullUrl }) => fullUrl)).toContain(`${BASE}/Medication/m`);
  });
  test('says explicitly that nothing is known, and that something is withheld', async () => {
    const empty = await asked('empty');
    const [made] = empty.section('Allergies and intolerances')?.entry ?? [];
    expect(empty.entries.find(({ fullUrl }) => fullUrl === made?.reference)?.resource).toMatchObject({
      resourceType: 'AllergyIntolerance',
      code: { coding: [{ code: 'no-allergy-info' }] },
    });
    const some = await asked('p', { scope: 'system/Patient.rs system/Condition.rs' });
    expect(some.section('Medications')).toMatchObject({ emptyReason: { coding: [{ code: 'withheld' }] } });
    expect(
      (await it.ask('GET', 'Patient/p/$summary', undefined, { scope: 'patient/*.rs', patient: 'empty' })).status,
    ).toBe(404);
  });
});

describe('Composition/$document', () => {
  test('holds the Composition and all that it refers to, in the version cited', async () => {
    await it.ask('PUT', 'Observation/heart', { ...observation('p', { status: 'amended' }), id: 'heart' });
    const { body } = await it.ask('GET', 'Composition/c/$document');
    expect(body.type).toBe('document');
    expect(errorsOf(body as never)).toEqual([]);
    const entries: Entry[] = body.entry;
    expect(entries.map(({ fullUrl }) => fullUrl.slice(BASE.length + 1)).sort()).toEqual([
      'Composition/c',
      'Observation/heart',
      'Patient/p',
      'Practitioner/d',
    ]);
    expect(entries.find(({ resource }) => resource.id === 'heart')?.resource.meta?.versionId).toBe('1');
    expect((await it.ask('GET', 'Composition/$document?id=c')).body.entry).toHaveLength(4);
  });
  test('is refused rather than given in part', async () => {
    const refused = await it.ask('GET', 'Composition/c/$document', undefined, {
      scope: 'system/Composition.rs system/Patient.rs',
    });
    expect([refused.status, refused.body.issue[0].diagnostics]).toEqual([403, expect.stringContaining('not be whole')]);
    const narrow =
      'system/Composition.rs system/Patient.rs system/Practitioner.rs system/Observation.rs?category=laboratory';
    expect((await it.ask('GET', 'Composition/c/$document', undefined, { scope: narrow })).status).toBe(404);
    expect((await it.ask('GET', 'Composition/c/$document?persist=true')).body.issue[0].expression).toEqual(['persist']);
    expect((await it.ask('GET', 'Composition/$document')).status).toBe(400);
    expect((await it.ask('GET', 'Composition/none/$document')).status).toBe(404);
  });
});

describe('Patient/$everything', () => {
  const ids = async (query: string) => {
    const { body } = await it.ask('GET', `Patient/p/$everything?${query}`);
    return (body.entry ?? []).map(({ resource }: Entry) => resource.id).sort();
  };
  test('keeps to the time of care, and gives what has none', async () => {
    expect(await ids('start=2026-01-15')).toEqual(['later', 'm', 'ms', 'p']);
    expect(await ids('end=2025-12-31')).toEqual(['m', 'ms', 'now', 'p', 'then']);
    expect(await ids('start=2026-01-01&end=2026-01-31')).toEqual(['c', 'd', 'heart', 'm', 'ms', 'p']);
    expect((await it.ask('GET', 'Patient/p/$everything?start=2026-02&end=2026-01')).body.issue[0].expression).toEqual([
      'end',
    ]);
  });
  test('gives the types named, in whatever way, page by page', async () => {
    expect(await ids('_type=Observation,Patient')).toEqual(['heart', 'later', 'p']);
    expect(await ids('_type=Observation&_type=Patient')).toEqual(['heart', 'later', 'p']);
    expect((await it.ask('GET', 'Patient/p/$everything?_type=Nonsense')).status).toBe(400);
    const seen: string[] = [];
    let url: string | undefined = 'Patient/p/$everything?start=2026-01-01&_count=1&_type=Observation&_type=Condition';
    while (url !== undefined) {
      const { body }: { body: { entry?: Entry[]; link: { relation: string; url: string }[] } } = await it.ask(
        'GET',
        url,
      );
      seen.push(...(body.entry ?? []).map(({ resource }) => resource.id));
      url = body.link.find(({ relation }) => relation === 'next')?.url.slice(BASE.length);
    }
    expect(seen.sort()).toEqual(['heart', 'later']);
  });
});
