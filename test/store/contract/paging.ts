import { describe, expect, test } from '@jest/globals';
import type { IndexValue } from '../../../src/search/index-values.ts';
import type { Predicate, Query, Sort } from '../../../src/search/query.ts';
import type { Store } from '../../../src/store/store.ts';
import { and, type Predicate as Where } from '../../../src/search/query.ts';
import {
  coded,
  committed,
  date,
  draft,
  ids,
  number,
  put,
  quantity,
  query,
  reference,
  refersTo,
  remove,
  sorted,
  text,
  token,
  uri,
} from './made.ts';
import { fresh, type Open } from './opened.ts';

/** All pages forward from the first, then all pages backward from the last; both must tell the same. */
async function walk(
  store: Store,
  asked: Query,
  between: () => Promise<unknown> = async () => undefined,
): Promise<string[]> {
  const pages: string[][] = [];
  let page = await store.search(asked);
  expect(page.previous).toBeUndefined();
  for (;;) {
    expect(page.matches.length).toBeLessThanOrEqual(asked.count);
    pages.push(page.matches.map((m) => m.id));
    if (page.next === undefined || pages.length > 100) break;
    await between();
    page = await store.search({ ...asked, cursor: { direction: 'next', position: page.next } });
    expect(page.previous).toBeDefined();
  }
  const back: string[][] = [pages.at(-1) ?? []];
  while (page.previous !== undefined && back.length <= 100) {
    page = await store.search({ ...asked, cursor: { direction: 'previous', position: page.previous } });
    expect(page.next).toBeDefined();
    back.unshift(page.matches.map((m) => m.id));
  }
  // Going back may meet what was written meanwhile; of the rest it tells the same.
  const seen = new Set(pages.flat());
  expect(back.flat().filter((id) => seen.has(id))).toEqual(pages.flat());
  return pages.flat();
}

/** Sorts, keyset pages both ways, totals, and the plan. */
export function pagingContract(open: Open): void {
  const place = fresh(open);

  async function stock(rows: Readonly<Record<string, readonly IndexValue[]>>): Promise<Store> {
    for (const [id, values] of Object.entries(rows))
      await committed(place.store, [put(draft('Observation', id, { values }))]);
    return place.store;
  }

  test('without a sort the newest come first, by transaction', async () => {
    const store = await stock({ a: [], b: [], c: [] });
    await committed(store, [put(draft('Observation', 'a', { text: 'touched' }))]);
    expect(await ids(store, query('Observation'))).toEqual(['a', 'c', 'b']);
  });

  const kinds: readonly (readonly [Sort['kind'], (rank: number) => IndexValue])[] = [
    ['token', (n) => token('p', 'urn:x', `c${n}`)],
    ['string', (n) => text('p', `Name${n}`)],
    ['date', (n) => date('p', n * 1000, n * 1000 + 500)],
    ['number', (n) => number('p', n)],
    ['quantity', (n) => quantity('p', n, 'mg')],
    ['reference', (n) => reference('p', 'Patient', `p${n}`)],
    ['uri', (n) => uri('p', `urn:x:${n}`)],
  ];
  test.each(kinds)(
    'sorts by %s: lowest value ascending, highest descending, missing values last',
    async (kind, make) => {
      const store = await stock({
        c: [make(3)],
        none1: [],
        a: [make(1), make(9)],
        d: [make(4)],
        none2: [],
        b: [make(2)],
      });
      const asked = (descending: boolean, count = 100) =>
        query('Observation', { kind: 'all' }, { sort: [sorted('p', kind, descending)], count });
      const up = await ids(store, asked(false));
      expect(up.slice(0, 4)).toEqual(['a', 'b', 'c', 'd']);
      expect(up.slice(4).sort()).toEqual(['none1', 'none2']);
      const down = await ids(store, asked(true));
      expect(down.slice(0, 4)).toEqual(['a', 'd', 'c', 'b']);
      expect(down.slice(4).sort()).toEqual(['none1', 'none2']);
      expect(await walk(store, asked(false, 2))).toEqual(up);
      expect(await walk(store, asked(true, 1))).toEqual(down);
    },
  );

  test('sorts by _id and _lastUpdated, both ways', async () => {
    const store = await stock({ b: [], c: [], a: [] });
    const by = (param: string, kind: Sort['kind'], descending: boolean) =>
      query('Observation', { kind: 'all' }, { sort: [sorted(param, kind, descending)], count: 2 });
    expect(await walk(store, by('_id', 'id', false))).toEqual(['a', 'b', 'c']);
    expect(await walk(store, by('_id', 'id', true))).toEqual(['c', 'b', 'a']);
    expect(await walk(store, by('_lastUpdated', 'lastUpdated', false))).toEqual(['b', 'c', 'a']);
    expect(await walk(store, by('_lastUpdated', 'lastUpdated', true))).toEqual(['a', 'c', 'b']);
  });

  test('a second sort orders what the first leaves equal', async () => {
    const row = (s: string, n: number) => [token('s', null, s), number('n', n)];
    const store = await stock({ a: row('x', 2), b: row('y', 1), c: row('x', 1), d: row('y', 2), e: row('x', 3) });
    const asked = query(
      'Observation',
      { kind: 'all' },
      { sort: [sorted('s', 'token'), sorted('n', 'number', true)], count: 2 },
    );
    expect(await walk(store, asked)).toEqual(['e', 'a', 'c', 'd', 'b']);
  });

  test('up to a date, latest first: long periods and several dates are where their last day puts them', async () => {
    const DAY = 86_400_000;
    // Every seventh is a long period, every eleventh has two dates, the others are moments.
    const datesOf = (n: number): (readonly [number, number])[] => {
      const at = ((n * 37) % 400) * DAY;
      if (n % 7 === 0) return [[at, at + 200 * DAY]];
      return n % 11 === 0
        ? [
            [at + 150 * DAY, at + 150 * DAY],
            [at, at],
          ]
        : [[at, at]];
    };
    const { store } = place;
    await committed(
      store,
      Array.from({ length: 400 }, (_, n) =>
        put(
          draft('Observation', `o${n}`, {
            values: [token('code', 'urn:l', 'hr'), ...datesOf(n).map(([low, high]) => date('date', low, high))],
          }),
        ),
      ),
    );
    const expected = (holds: (low: number, high: number) => boolean): string[] =>
      Array.from({ length: 400 }, (_, n) => n)
        .filter((n) => datesOf(n).some(([low, high]) => holds(low, high)))
        .sort((a, b) => Math.max(...datesOf(b).flat()) - Math.max(...datesOf(a).flat()) || b - a)
        .map((n) => `o${n}`);
    const most = 100 * DAY;
    const within = { kind: 'date', param: 'date', range: { highAtMost: most } } as const;
    const begun = { kind: 'date', param: 'date', range: { lowBelow: most } } as const;
    for (const [where, holds] of [
      [within, (_low: number, high: number) => high <= most],
      [begun, (low: number) => low < most],
      [{ kind: 'or', of: [within, begun] }, (low: number, high: number) => high <= most || low < most],
    ] as const) {
      const asked = query('Observation', and(coded('code', 'hr'), where), {
        sort: [sorted('date', 'date', true)],
        count: 9,
      });
      expect(await walk(store, asked)).toEqual(expected(holds));
    }
  });

  describe('of one patient by code and date', () => {
    const mine: Where = and(refersTo('subject', 'Patient', 'p'), coded('code', 'hr'));
    const rows = (n: number): IndexValue[] => [
      reference('subject', 'Patient', n % 2 ? 'p' : 'q'),
      reference('patient', 'Patient', n % 2 ? 'p' : 'q'),
      token('code', 'urn:l', n % 3 ? 'hr' : 'bp'),
      date('date', (n % 10) * 1000),
    ];
    const sort = [sorted('date', 'date', true)];

    test('pages are sorted, complete, and stable while writers run', async () => {
      const { store } = place;
      await committed(
        store,
        Array.from({ length: 60 }, (_, n) => put(draft('Observation', `o${n}`, { values: rows(n) }))),
      );
      const asked = query('Observation', mine, { sort, count: 3 });
      const whole = await ids(store, { ...asked, count: 1000 });
      expect(whole).toHaveLength(20);
      const dates = whole.map((id) => Number(id.slice(1)) % 10);
      expect(dates).toEqual([...dates].sort((a, b) => b - a));
      let n = 1000;
      const newer = () =>
        committed(store, [
          put(draft('Observation', `w${n}`, { values: [...rows(1).slice(0, 3), date('date', 99_000 + n++)] })),
        ]);
      expect((await walk(store, asked, newer)).filter((id) => id.startsWith('o'))).toEqual(whole);
    });

    test.each([
      ['from a date on', { lowAtLeast: 5000 }, 12],
      ['before a date', { highBelow: 5000 }, 8],
      ['nothing there', { lowAtLeast: 50_000 }, 0],
    ] as const)('%s', async (_, range, expected) => {
      const { store } = place;
      await committed(
        store,
        Array.from({ length: 60 }, (_, n) => put(draft('Observation', `o${n}`, { values: rows(n) }))),
      );
      const where: Predicate = and(mine, { kind: 'date', param: 'date', range });
      const page = await store.search(query('Observation', where, { sort, count: 4, total: 'accurate' }));
      expect(page.total).toBe(expected);
      expect(await walk(store, query('Observation', where, { sort, count: 4 }))).toHaveLength(expected);
    });
  });

  test('pages by recency lose and repeat nothing while writers run', async () => {
    const { store } = place;
    await committed(
      store,
      Array.from({ length: 25 }, (_, n) => put(draft('Observation', `o${n}`, { values: [token('code', null, 'x')] }))),
    );
    let n = 0;
    const asked = query('Observation', coded('code', 'x'), { count: 4 });
    const seen: string[] = [];
    let page = await store.search(asked);
    for (;;) {
      seen.push(...page.matches.map((m) => m.id));
      if (page.next === undefined) break;
      await committed(store, [
        put(draft('Observation', `new${n++}`, { values: [token('code', null, 'x')] })),
        remove('Observation', 'o-none'),
      ]);
      page = await store.search({ ...asked, cursor: { direction: 'next', position: page.next } });
    }
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
  });

  test('totals come when asked for, and a count of zero gives the total alone', async () => {
    const store = await stock({ a: [token('code', null, 'x')], b: [token('code', null, 'x')], c: [] });
    expect((await store.search(query('Observation', coded('code', 'x')))).total).toBeUndefined();
    expect((await store.search(query('Observation', coded('code', 'x'), { total: 'accurate', count: 1 }))).total).toBe(
      2,
    );
    expect((await store.search(query('Observation', { kind: 'all' }, { total: 'accurate', count: 1 }))).total).toBe(3);
    expect(
      (await store.search(query('Observation', { kind: 'all' }, { total: 'estimate', count: 1 }))).total,
    ).toBeGreaterThan(0);
    const none = await store.search(query('Observation', coded('code', 'x'), { total: 'accurate', count: 0 }));
    expect(none).toMatchObject({ matches: [], total: 2 });
  });

  test('a plan can be asked for', async () => {
    expect(
      await place.store.explain(query('Observation', coded('code', 'x'), { sort: [sorted('date', 'date')] })),
    ).toBeTruthy();
  });
}
