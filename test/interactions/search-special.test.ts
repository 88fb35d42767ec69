import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BASE, type Living, living, observation, type Seen } from './living.ts';

let it: Living;
const narrative = (text: string) => ({
  text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>` },
});
beforeAll(async () => {
  it = await living();
  const patient = (id: string, family: string, more: object = {}) =>
    it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id, name: [{ family }], ...more });
  await patient('a', 'Müller', { gender: 'female', ...narrative('Sleeps <b>poorly</b>, low mood') });
  await patient('b', 'Mueller', { gender: 'male', ...narrative('Low sleep need') });
  await patient('c', 'Smith');
  for (const [n, owner] of ['a', 'a', 'b'].entries())
    await it.ask('PUT', `Observation/o${n}`, {
      ...observation(owner, { note: [{ text: `Taken at rest ${n}` }], effectiveDateTime: `2026-01-0${n + 1}` }),
      id: `o${n}`,
    });
  for (const [id, latitude, longitude] of [
    ['munich', 48.137, 11.575],
    ['berlin', 52.52, 13.405],
  ] as const)
    await it.ask('PUT', `Location/${id}`, {
      resourceType: 'Location',
      id,
      name: id,
      position: { latitude, longitude },
    });
  await it.ask('PUT', 'Location/nowhere', { resourceType: 'Location', id: 'nowhere', name: 'nowhere' });
  await it.ask('PUT', 'List/l', {
    resourceType: 'List',
    id: 'l',
    status: 'current',
    mode: 'working',
    entry: [{ item: { reference: 'Patient/a' } }, { item: { reference: 'Observation/o2' } }],
  });
});
afterAll(() => it.stop());

const ids = ({ body }: Seen): string[] =>
  (body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).sort();
const get = async (url: string, asking = {}) => {
  const seen = await it.ask('GET', url, undefined, asking);
  return seen.status === 200 ? ids(seen) : [seen.status, seen.body.issue[0].diagnostics];
};
const filtered = (type: string, filter: string) => get(`${type}?_filter=${encodeURIComponent(filter)}`);

describe('_filter', () => {
  test('compares, combines and follows references', async () => {
    expect(await filtered('Patient', 'family eq "muller"')).toEqual(['a']);
    expect(await filtered('Patient', 'family ew "ller" and not (gender eq female)')).toEqual(['b']);
    expect(await filtered('Patient', 'gender pr false or family sw "mue"')).toEqual(['b', 'c']);
    expect(await filtered('Patient', 'gender ne female')).toEqual(['b']);
    expect(await filtered('Observation', 'patient.family co "ue" or date eq 2026-01-01')).toEqual(['o0', 'o2']);
    expect(await filtered('Observation', 'patient[gender eq female].family sw "mul" and date gt 2026-01-01')).toEqual([
      'o1',
    ]);
    expect(await filtered('Observation', 'subject re Patient/b')).toEqual(['o2']);
    expect(await filtered('Patient', 'family zz "x"')).toEqual([400, expect.stringContaining("'zz'")]);
  });

  test('works inside a chain and a reverse chain, and pages', async () => {
    expect(await get(`Observation?patient._filter=${encodeURIComponent('gender eq male')}`)).toEqual(['o2']);
    expect(await get(`Patient?_has:Observation:patient:_filter=${encodeURIComponent('date lt 2026-01-02')}`)).toEqual([
      'a',
    ]);
    const first = await it.ask('GET', 'Patient?_filter=family%20pr%20true&_count=2&_sort=_id');
    expect(ids(first)).toEqual(['a', 'b']);
    const next = first.body.link.find(({ relation }: { relation: string }) => relation === 'next').url;
    expect(ids(await it.ask('GET', next.slice(BASE.length)))).toEqual(['c']);
  });

  test('never shows what the token may not search', async () => {
    const mine = { scope: 'patient/*.cruds', patient: 'a' };
    expect(await get('Observation?_filter=date%20pr%20true', mine)).toEqual(['o0', 'o1']);
    expect(await get('Patient?_text=low', mine)).toEqual(['a']);
  });
});

describe('full text', () => {
  test('_text looks into the narrative, _content into everything', async () => {
    expect(await get('Patient?_text=low')).toEqual(['a', 'b']);
    expect(await get('Patient?_text=sleeps%20poorly')).toEqual(['a']);
    expect(await get('Patient?_text=%22low%20mood%22')).toEqual(['a']);
    expect(await get('Patient?_text=low%20and%20not%20mood')).toEqual(['b']);
    expect(await get('Patient?_text=muller')).toEqual([]);
    expect(await get('Patient?_content=muller')).toEqual(['a']);
    expect(await get('Patient?_content=smith,mood')).toEqual(['a', 'c']);
    expect(await get('Observation?_content=%22at%20rest%22&subject=Patient/b')).toEqual(['o2']);
    expect(await get('Observation?_content=%22rest%201%22')).toEqual(['o1']);
  });

  test('across types', async () => {
    expect(await get('?_type=Patient,Observation&_content=rest%20or%20smith')).toEqual(['c', 'o0', 'o1', 'o2']);
  });
});

test('near finds locations by distance, nearest unit conversions included', async () => {
  expect(await get('Location?near=48.2|11.6|10|km')).toEqual(['munich']);
  expect(await get('Location?near=48.2|11.6|500000|m')).toEqual(['berlin', 'munich']);
  expect(await get('Location?near=48.2|11.6|1&name=munich')).toEqual([]);
  expect(await get('Location?near:missing=true')).toEqual(['nowhere']);
});

test('_list finds the items of a List; functional lists and named queries are refused by name', async () => {
  expect(await get('Patient?_list=l')).toEqual(['a']);
  expect(await get('Observation?_list=List/l')).toEqual(['o2']);
  expect(await get('Patient?_list=$current-problems')).toEqual([400, expect.stringContaining('$current-problems')]);
  expect(await get('Patient?_query=mine')).toEqual([400, expect.stringContaining('named queries')]);
});

test(':below and :above follow a hierarchy of references', async () => {
  const location = (id: string, part?: string) =>
    it.ask('PUT', `Location/${id}`, {
      resourceType: 'Location',
      id,
      ...(part !== undefined && { partOf: { reference: `Location/${part}` } }),
    });
  await location('site');
  await location('wing', 'site');
  await location('room', 'wing');
  for (const id of ['site', 'wing', 'room'])
    await it.ask('PUT', `Encounter/in-${id}`, {
      resourceType: 'Encounter',
      id: `in-${id}`,
      status: 'finished',
      class: { code: 'AMB' },
      location: [{ location: { reference: `Location/${id}` } }],
    });
  expect(await get('Encounter?location:below=Location/site')).toEqual(['in-room', 'in-site', 'in-wing']);
  expect(await get('Encounter?location:below=wing')).toEqual(['in-room', 'in-wing']);
  expect(await get('Encounter?location:above=room')).toEqual(['in-room', 'in-site', 'in-wing']);
  expect(await get('Encounter?location:above=Location/site')).toEqual(['in-site']);
  expect(await get('Location?partof:below=site')).toEqual(['room', 'wing']);
  expect(await get('Observation?patient:below=a')).toEqual([400, expect.stringContaining(':below')]);
});

test('_has nests', async () => {
  expect(await get('Patient?_has:Observation:patient:_has:List:item:status=current')).toEqual(['b']);
});

test('__explain gives the plan, and an estimated total is given', async () => {
  const plan = await it.ask('GET', 'Patient?_text=low&__explain=true');
  expect(plan.body).toMatchObject({ resourceType: 'Parameters', parameter: [{ name: 'plan' }] });
  expect((await it.ask('GET', 'Patient?_text=low&_total=estimate&_count=1')).body.total).toBe(2);
});

test('the CapabilityStatement states what is answered', async () => {
  const { body } = await it.ask('GET', 'metadata');
  const names = (type: string) =>
    body.rest[0].resource
      .find((it: { type: string }) => it.type === type)
      .searchParam.map(({ name }: { name: string }) => name);
  expect(names('Patient')).toEqual(expect.arrayContaining(['_text', '_content', '_filter', '_has', '_list']));
  expect(names('Location')).toContain('near');
  expect(names('Patient')).not.toContain('_query');
});
