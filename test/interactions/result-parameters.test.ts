import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asking, idsOf, linkOf } from './asking.ts';
import { type Living, living, observation } from './living.ts';

const SUBSETTED = expect.objectContaining({ code: 'SUBSETTED' });
let it: Living;
const { put, found } = asking(() => it);

beforeAll(async () => {
  it = await living();
  const patient = (id: string, family: string, birthDate: string) =>
    put({
      resourceType: 'Patient',
      id,
      name: [{ family }],
      birthDate,
      text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${family}</div>` },
    });
  await patient('a', 'Zulu', '1990-01-01');
  await patient('b', 'Alpha', '1980-01-01');
  await patient('c', 'Mike', '1980-01-01');
  for (const [id, owner] of [
    ['o1', 'a'],
    ['o2', 'a'],
    ['o3', 'b'],
  ] as const)
    await put({ ...observation(owner, { note: [{ text: 'rested' }] }), id });
});
afterAll(() => it.stop());

const get = (url: string) => it.ask('GET', url);
const first = async (url: string) => (await get(url)).body.entry[0].resource;

describe('result parameters', () => {
  test('_sort orders by one parameter after another, up or down', async () => {
    expect(idsOf(await get('Patient?_sort=family'))).toEqual(['b', 'c', 'a']);
    expect(idsOf(await get('Patient?_sort=-family'))).toEqual(['a', 'c', 'b']);
    expect(idsOf(await get('Patient?_sort=birthdate,-family'))).toEqual(['c', 'b', 'a']);
    expect(idsOf(await get('Patient?_sort=birthdate,family'))).toEqual(['b', 'c', 'a']);
    expect(idsOf(await get('Patient?_sort=-birthdate,-_id'))).toEqual(['a', 'c', 'b']);
  });

  test('_count is the size of a page, at most the largest that is given; 0 gives the total alone', async () => {
    const page = await get('Patient?_count=2');
    expect(page.body.entry).toHaveLength(2);
    expect(linkOf(page, 'next')).toBeDefined();
    expect(linkOf(await get('Patient?_count=99999'), 'self')).toContain('_count');
    expect((await get('Patient?_count=0')).body).toMatchObject({ total: 3, type: 'searchset' });
    expect((await get('Patient?_count=0')).body.entry).toBeUndefined();
    expect(await found('Patient?_count=-1')).toBe(400);
  });

  test('_include adds what the matches refer to, each once', async () => {
    const page = await get('Observation?_include=Observation:subject');
    expect(idsOf(page, 'match').toSorted()).toEqual(['o1', 'o2', 'o3']);
    expect(idsOf(page, 'include').toSorted()).toEqual(['a', 'b']);
    expect(idsOf(await get('Observation?_include=Observation:subject:Group'), 'include')).toEqual([]);
    expect(idsOf(await get('Observation?_id=o3&_include=*'), 'include')).toEqual(['b']);
  });

  test('_revinclude adds what refers to the matches', async () => {
    const page = await get('Patient?_id=a,c&_revinclude=Observation:subject');
    expect(idsOf(page, 'include').toSorted()).toEqual(['o1', 'o2']);
    expect(idsOf(await get('Patient?_id=b&_revinclude=Observation:*'), 'include')).toEqual(['o3']);
  });

  test('_summary=true leaves the elements that are marked summary, and says so', async () => {
    for (const resource of [
      await first('Observation?_id=o1&_summary=true'),
      (await get('Observation/o1?_summary=true')).body,
    ]) {
      expect(resource).toMatchObject({ id: 'o1', status: 'final', meta: { tag: [SUBSETTED] } });
      expect(resource.note).toBeUndefined();
    }
  });

  test('_summary=text leaves the narrative and what must be there', async () => {
    for (const resource of [await first('Patient?_id=a&_summary=text'), (await get('Patient/a?_summary=text')).body]) {
      expect(resource.text.div).toContain('Zulu');
      expect(resource.meta.tag).toEqual([SUBSETTED]);
      expect(resource.name).toBeUndefined();
    }
    expect(Object.keys(await first('Observation?_id=o1&_summary=text')).toSorted()).toEqual([
      'code',
      'id',
      'meta',
      'resourceType',
      'status',
    ]);
  });

  test('_summary=data leaves out the narrative alone', async () => {
    for (const resource of [await first('Patient?_id=a&_summary=data'), (await get('Patient/a?_summary=data')).body]) {
      expect(resource).toMatchObject({
        name: [{ family: 'Zulu' }],
        birthDate: '1990-01-01',
        meta: { tag: [SUBSETTED] },
      });
      expect(resource.text).toBeUndefined();
    }
  });

  test('_summary=count gives the total without entries, and is for searches alone', async () => {
    const { body } = await get('Observation?subject=Patient/a&_summary=count');
    expect(body).toMatchObject({ type: 'searchset', total: 2 });
    expect(body.entry).toBeUndefined();
    expect((await get('Patient/a?_summary=count')).status).toBe(400);
  });

  test('_summary=false gives all', async () => {
    const whole = (await get('Patient/a')).body;
    expect(await first('Patient?_id=a&_summary=false')).toEqual(whole);
    expect((await get('Patient/a?_summary=false')).body).toEqual(whole);
  });

  test('_elements leaves those named and what must be there, and says so', async () => {
    for (const resource of [
      await first('Observation?_id=o1&_elements=note,subject'),
      (await get('Observation/o1?_elements=note,subject')).body,
    ]) {
      expect(Object.keys(resource).toSorted()).toEqual(
        ['code', 'id', 'meta', 'note', 'resourceType', 'status', 'subject'].toSorted(),
      );
      expect(resource.meta.tag).toEqual([SUBSETTED]);
    }
  });

  test('_elements cuts down the matches and leaves whole what is included', async () => {
    const { body } = await get('Observation?_id=o1&_elements=subject&_include=Observation:subject');
    const [match, include] = body.entry.map(({ resource }: { resource: object }) => resource);
    expect(match.meta.tag).toEqual([SUBSETTED]);
    expect(include).toEqual((await get('Patient/a')).body);
  });

  test('_total=none counts nothing', async () => {
    expect((await get('Patient?_total=none')).body.total).toBeUndefined();
  });

  test('without it nothing is counted, and the total is told where one page holds all', async () => {
    expect((await get('Patient?_include=*')).body.total).toBe(3);
    expect((await get('Patient?family=nobody')).body.total).toBe(0);
    const page = await get('Patient?_count=2');
    expect(page.body.total).toBeUndefined();
    expect((await get(linkOf(page, 'next') ?? '')).body.total).toBeUndefined();
  });

  test('_totalMethod, in the words of fhirpy, is the same', async () => {
    expect((await get('Patient?_count=0&_totalMethod=count')).body.total).toBe(3);
    expect((await get('Patient?_count=2&_totalMethod=count')).body.total).toBe(3);
    expect((await get('Patient?_totalMethod=many')).body.issue[0].diagnostics).toContain('none, estimate, count');
  });

  test('_total=estimate tells about how many there are, on every page', async () => {
    const page = await get('Patient?_total=estimate&_count=2');
    expect(page.body.total).toBeGreaterThanOrEqual(2);
    expect((await get(linkOf(page, 'next') ?? '')).body.total).toBeGreaterThanOrEqual(1);
  });

  test('_total=accurate tells how many there are, on every page, includes not counted', async () => {
    const page = await get('Observation?subject=Patient/a,Patient/b&_total=accurate&_count=2&_include=*');
    expect(page.body.total).toBe(3);
    expect((await get(linkOf(page, 'next') ?? '')).body.total).toBe(3);
  });

  test('_type says which types a search of the whole system looks into', async () => {
    expect(await found('?_type=Patient&_id=a,o1')).toEqual(['a']);
    expect(await found('?_type=Patient,Observation&_id=a,o1')).toEqual(['a', 'o1']);
    expect(await found('?_type=Patent&_id=a')).toBe(400);
  });

  test('_page is where a page link goes on: sealed, and good for its own search alone', async () => {
    const next = linkOf(await get('Patient?_sort=_id&_count=1'), 'next') ?? '';
    expect(next).toContain('_page=');
    expect(idsOf(await get(next))).toEqual(['b']);
    expect((await get(next.replace('Patient?', 'Observation?'))).status).toBe(400);
    expect((await get('Patient?_page=made-up')).status).toBe(400);
  });

  test('__explain gives the plan of the store instead of an answer', async () => {
    const { body } = await get('Patient?family=zulu&__explain=true');
    expect(body).toMatchObject({ resourceType: 'Parameters', parameter: [{ name: 'plan' }] });
    expect(body.parameter[0].valueString.length).toBeGreaterThan(2);
    expect(JSON.stringify(body)).not.toContain('Zulu');
  });
});
