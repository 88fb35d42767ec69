import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BASE, type Living, living, observation, type Seen } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
  for (const id of ['a', 'b']) await it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id });
  await it.ask('PUT', 'Observation/o', { ...observation('a'), id: 'o' }, { client: 'hub' });
  await it.ask('GET', 'Observation/o', undefined, { client: 'clinic' });
  await it.ask('GET', 'Observation?subject=Patient/a', undefined, { client: 'clinic' });
  await it.ask('GET', 'Observation/o', undefined, { scope: 'system/Patient.r', client: 'nosy' });
  await it.ask('GET', 'Observation/o', undefined, { scope: 'patient/*.rs', patient: 'b', client: 'other-patient' });
});
afterAll(() => it.stop());

interface Event {
  readonly id: string;
  readonly subtype: readonly { readonly code: string }[];
  readonly outcome: string;
  readonly agent: readonly { readonly who: { readonly identifier: { readonly value: string } } }[];
  readonly entity: readonly { readonly what?: { readonly reference?: string }; readonly query?: string }[];
}
const events = ({ body }: Seen): Event[] => (body.entry ?? []).map(({ resource }: { resource: Event }) => resource);
const told = (event: Event) => `${event.subtype[0]?.code} ${event.agent[0]?.who.identifier.value} ${event.outcome}`;

test('every access to a patient’s data can be found, by patient and by what was shown', async () => {
  const found = events(await it.ask('GET', 'AuditEvent?patient=Patient/a'));
  expect(found.map(told)).toEqual(
    expect.arrayContaining(['update tester 0', 'update hub 0', 'read clinic 0', 'search-type clinic 0']),
  );
  const observed = events(await it.ask('GET', 'AuditEvent?entity=Observation/o'));
  expect(observed.map(told)).toEqual(
    expect.arrayContaining([
      'update hub 0',
      'read clinic 0',
      'search-type clinic 0',
      'read other-patient 4',
      'read nosy 4',
    ]),
  );
  expect(observed.find((event) => told(event) === 'update hub 0')?.entity[0]?.what?.reference).toBe(
    'Observation/o/_history/1',
  );
  const search = observed.find((event) => told(event) === 'search-type clinic 0');
  const query = search?.entity.find((entity) => entity.query)?.query ?? '';
  expect(Buffer.from(query, 'base64').toString()).toContain('subject=Patient/a');
});

test('what became of another patient, or was deleted, keeps the accesses from before', async () => {
  await it.ask('PUT', 'Observation/moved', { ...observation('a'), id: 'moved' }, { client: 'hub' });
  await it.ask('GET', 'Observation/moved', undefined, { client: 'clinic' });
  await it.ask('PUT', 'Observation/moved', { ...observation('b'), id: 'moved' }, { client: 'hub' });
  await it.ask('GET', 'Observation/moved', undefined, { client: 'clinic' });
  await it.ask('DELETE', 'Observation/moved', undefined, { client: 'hub' });
  await it.ask('GET', 'Observation/moved', undefined, { client: 'late' });
  const found = events(await it.ask('GET', 'AuditEvent?entity=Observation/moved')).map(told);
  expect(found.toSorted()).toEqual(
    ['update hub 0', 'read clinic 0', 'update hub 0', 'read clinic 0', 'delete hub 0'].toSorted(),
  );
});

test('refusals are there, by agent, outcome and action', async () => {
  expect(events(await it.ask('GET', 'AuditEvent?agent:identifier=nosy')).map(told)).toEqual(['read nosy 4']);
  const refused = events(await it.ask('GET', 'AuditEvent?outcome=4&action=R')).map(told);
  expect(refused).toEqual(expect.arrayContaining(['read nosy 4', 'read other-patient 4']));
});

test('what is rendered is valid, can be read, and cannot be written or deleted', async () => {
  const [event] = events(await it.ask('GET', 'AuditEvent?patient=Patient/a&_count=1'));
  const read = await it.ask('GET', `AuditEvent/${event?.id}`);
  expect(read.body).toEqual(event);
  expect(it.world.validate(read.body).filter(({ severity }) => severity === 'error')).toEqual([]);
  expect((await it.ask('PUT', `AuditEvent/${event?.id}`, read.body)).status).toBe(403);
  expect((await it.ask('DELETE', `AuditEvent/${event?.id}`)).status).toBe(403);
  const foreign = await it.ask('GET', `AuditEvent/${event?.id}`, undefined, { scope: 'patient/*.rs', patient: 'b' });
  expect(foreign.status).toBe(404);
});

test('a patient’s own token sees the accesses to that record alone', async () => {
  const found = events(
    await it.ask('GET', 'AuditEvent?_count=100', undefined, { scope: 'patient/*.rs', patient: 'b' }),
  );
  expect(found.length).toBeGreaterThan(0);
  for (const event of found)
    expect(event.entity.some(({ what }) => what?.reference?.startsWith('Patient/b'))).toBe(true);
});

test('of an access to several patients it sees its own part, without the query, and cannot ask for the rest', async () => {
  await it.ask('PUT', 'Observation/p', { ...observation('b'), id: 'p' });
  await it.ask('GET', 'Observation?_id=o,p&_sort=_id', undefined, { client: 'ward' });
  const everybody = events(await it.ask('GET', 'AuditEvent?agent:identifier=ward'))[0]?.entity ?? [];
  const references = (entity: Event['entity']) => entity.flatMap(({ what }) => what?.reference ?? []);
  expect(references(everybody).toSorted()).toEqual([
    'Observation/o/_history/1',
    'Observation/p/_history/1',
    'Patient/a',
    'Patient/b',
  ]);
  const mine = { scope: 'patient/*.rs', patient: 'b' };
  const [event] = events(await it.ask('GET', 'AuditEvent?agent:identifier=ward', undefined, mine));
  expect(references(event?.entity ?? [])).toEqual(['Observation/p/_history/1', 'Patient/b']);
  expect(event?.entity.some(({ query }) => query !== undefined)).toBe(false);
  expect((await it.ask('GET', `AuditEvent/${event?.id}`, undefined, mine)).body).toEqual(event);
  const other = await it.ask('GET', 'AuditEvent?agent:identifier=ward&entity=Observation/o', undefined, mine);
  expect(events(other)).toEqual([]);
});

test('pages reach every record once, merged with AuditEvents that clients stored', async () => {
  const [model] = events(await it.ask('GET', 'AuditEvent?patient=Patient/a&_count=1'));
  const { id, ...stored } = model ?? { id: '' };
  for (let n = 0; n < 3; n++) await it.ask('POST', 'AuditEvent', { ...stored, resourceType: 'AuditEvent' });
  await it.ask('GET', 'Observation/o');
  const seen: string[] = [];
  let url: string | undefined = 'AuditEvent?patient=Patient/a&date=lt2999&_sort=-date&_count=2';
  for (let pages = 0; url !== undefined && pages < 60; pages++) {
    const page: Seen = await it.ask('GET', url);
    seen.push(...events(page).map((event) => event.id));
    url = page.body.link.find(({ relation }: { relation: string }) => relation === 'next')?.url.slice(BASE.length);
  }
  expect(url).toBeUndefined();
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.filter((each) => !each.startsWith('a.'))).toHaveLength(3);
  expect(seen).toContain(id);
  expect((await it.ask('GET', 'AuditEvent?patient=Patient/a&_sort=date')).status).toBe(400);
  expect((await it.ask('GET', 'AuditEvent?patient=Patient/a&_summary=count')).body.total).toBeGreaterThan(seen.length);
});
