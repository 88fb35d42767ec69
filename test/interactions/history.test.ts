import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asking, linkOf } from './asking.ts';
import { type Living, living, type Seen } from './living.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);
let it: Living;
let clock = START;
const { put } = asking(() => it);

/** a1 at 00:00, b1 at 00:01, a2 at 00:02, a deleted at 00:03, an Organization at 00:04. */
beforeAll(async () => {
  it = await living({}, () => clock);
  const at = (minute: number) => {
    clock = START + minute * MINUTE;
  };
  const patient = (id: string, family: string) =>
    put({
      resourceType: 'Patient',
      id,
      name: [{ family }],
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">told</div>' },
    });
  at(0);
  await patient('a', 'One');
  at(1);
  await patient('b', 'Other');
  at(2);
  await patient('a', 'Two');
  at(3);
  await it.ask('DELETE', 'Patient/a');
  at(4);
  await put({ resourceType: 'Organization', id: 'o', name: 'Clinic' });
});
afterAll(() => it.stop());

interface Entry {
  readonly fullUrl: string;
  readonly response: { readonly etag: string };
  readonly resource?: Readonly<Record<string, unknown>>;
}
/** `a2` for version 2 of a. */
const told = ({ body }: Seen): string[] =>
  (body.entry ?? []).map(({ fullUrl, response }: Entry) => {
    return `${fullUrl.split('/').at(-1)}${/\d+/.exec(response.etag)?.[0]}`;
  });
const get = async (url: string) => told(await it.ask('GET', url));

describe('history', () => {
  test('of an instance tells its versions, newest first', async () => {
    expect(await get('Patient/a/_history')).toEqual(['a3', 'a2', 'a1']);
    const { body } = await it.ask('GET', 'Patient/a/_history');
    expect(body.entry.map(({ resource }: Entry) => resource !== undefined)).toEqual([false, true, true]);
  });

  test('of a type tells the versions of its resources and of no others', async () => {
    expect(await get('Patient/_history')).toEqual(['a3', 'a2', 'b1', 'a1']);
    expect(await get('Organization/_history')).toEqual(['o1']);
  });

  test('of the system tells the versions of all', async () => {
    expect(await get('_history')).toEqual(['o1', 'a3', 'a2', 'b1', 'a1']);
  });

  test('_since leaves what was made at the instant or after', async () => {
    expect(await get('_history?_since=2026-01-01T00:02:00Z')).toEqual(['o1', 'a3', 'a2']);
    expect(await get('Patient/_history?_since=2026-01-01T01:02:30%2B01:00')).toEqual(['a3']);
    expect(await get('Patient/a/_history?_since=2026-01-02')).toEqual([]);
    expect((await it.ask('GET', '_history?_since=yesterday')).status).toBe(400);
  });

  test('_at leaves what was current at some time of the period', async () => {
    expect(await get('Patient/a/_history?_at=2026-01-01T00:01:30Z')).toEqual(['a1']);
    expect(await get('Patient/_history?_at=2026-01-01T00:02:30Z')).toEqual(['a2', 'b1']);
    expect(await get('_history?_at=2026-01-01')).toEqual(['o1', 'a3', 'a2', 'b1', 'a1']);
    expect(await get('_history?_at=2025')).toEqual([]);
    expect((await it.ask('GET', '_history?_at=noon')).status).toBe(400);
  });

  test('_count and _page give it page by page, nothing twice', async () => {
    const pages: string[][] = [];
    for (let url: string | undefined = '_history?_count=2'; url !== undefined; ) {
      const page = await it.ask('GET', url);
      pages.push(told(page));
      url = linkOf(page, 'next');
    }
    expect(pages).toEqual([['o1', 'a3'], ['a2', 'b1'], ['a1']]);
    expect((await it.ask('GET', '_history?_count=none')).status).toBe(400);
    expect((await it.ask('GET', '_history?_page=made-up')).status).toBe(400);
  });

  test('_sort is newest first, and asking for another order is refused', async () => {
    expect(await get('Patient/a/_history?_sort=-_lastUpdated')).toEqual(['a3', 'a2', 'a1']);
    expect((await it.ask('GET', 'Patient/a/_history?_sort=_lastUpdated')).status).toBe(400);
  });

  test('_summary and _elements cut every version and say so', async () => {
    const resources = async (url: string) =>
      (await it.ask('GET', url)).body.entry.flatMap(({ resource }: Entry) => resource ?? []);
    for (const [asked, left] of [
      ['_summary=data', ['id', 'meta', 'name', 'resourceType']],
      ['_summary=text', ['id', 'meta', 'resourceType', 'text']],
      ['_elements=birthDate', ['id', 'meta', 'resourceType']],
    ] as const) {
      const versions = await resources(`Patient/a/_history?${asked}`);
      expect(versions).toHaveLength(2);
      for (const version of versions) {
        expect(Object.keys(version).toSorted()).toEqual(left);
        expect(version.meta.tag).toContainEqual(expect.objectContaining({ code: 'SUBSETTED' }));
      }
    }
    expect((await it.ask('GET', 'Patient/a/_history?_summary=some')).status).toBe(400);
    expect((await it.ask('GET', 'Patient/a/_history?_summary=count')).status).toBe(400);
  });

  test('a parameter that is none of a history is refused by name', async () => {
    const refused = await it.ask('GET', 'Patient/_history?family=x');
    expect([refused.status, refused.body.issue[0].diagnostics]).toEqual([400, expect.stringContaining("'family'")]);
  });
});

test('_list leaves the versions that a List refers to, and those of what it refers to without a version', async () => {
  const item = (reference: string) => ({ item: { reference } });
  clock = START + 5 * MINUTE;
  await put({
    resourceType: 'List',
    id: 'l',
    status: 'current',
    mode: 'working',
    entry: ['Patient/a/_history/2', 'Patient/b', 'Organization/o'].map(item),
  });
  expect(await get('Patient/_history?_list=l')).toEqual(['a2', 'b1']);
  expect(await get('_history?_list=List/l')).toEqual(['o1', 'a2', 'b1']);
  expect(await get('Patient/a/_history?_list=l')).toEqual(['a2']);
  expect(await get('Patient/_history?_list=none')).toEqual([]);
  const first = await it.ask('GET', '_history?_list=l&_count=2');
  expect(told(first)).toEqual(['o1', 'a2']);
  expect(await get(linkOf(first, 'next') ?? '')).toEqual(['b1']);
  const functional = await it.ask('GET', 'Patient/_history?_list=$current-problems');
  expect([functional.status, functional.body.issue[0].expression]).toEqual([400, ['_list']]);
  const unseen = await it.ask('GET', 'Patient/_history?_list=l', undefined, { scope: 'system/Patient.rs' });
  expect(unseen.status).toBe(403);
});
