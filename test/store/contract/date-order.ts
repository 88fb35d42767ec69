import { describe, expect, test } from '@jest/globals';
import type { IndexValue } from '../../../src/search/index-values.ts';
import { and, type Predicate, type Range } from '../../../src/search/query.ts';
import type { Store } from '../../../src/store/store.ts';
import { coded, committed, date, draft, ids, put, query, reference, refersTo, sorted, token } from './made.ts';
import { fresh, type Open } from './opened.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The dates of each resource, in the order in which they are written. */
const STOCK: Readonly<Record<string, readonly (readonly [low: number, high: number])[]>> = {
  instant: [[40 * DAY, 40 * DAY]],
  second: [[40 * DAY, 40 * DAY + 999]],
  minute: [[40 * DAY - MINUTE, 40 * DAY]],
  longer: [[40 * DAY - MINUTE - 1, 40 * DAY]],
  day: [[40 * DAY, 41 * DAY - 1]],
  wholeDay: [[39 * DAY, 40 * DAY]],
  month: [[30 * DAY, 61 * DAY - 1]],
  open: [[35 * DAY, 8.64e15]],
  two: [
    [10 * DAY, 10 * DAY],
    [70 * DAY, 71 * DAY],
  ],
  near: [
    [39 * DAY, 39 * DAY],
    [41 * DAY, 41 * DAY],
  ],
  undated: [],
  later: [[50 * DAY, 50 * DAY]],
  again: [[40 * DAY, 40 * DAY]],
};
const WRITTEN = Object.keys(STOCK);

const meets = (range: Range, [low, high]: readonly [number, number]): boolean =>
  low >= (range.lowAtLeast ?? -Infinity) &&
  low > (range.lowAbove ?? -Infinity) &&
  low <= (range.lowAtMost ?? Infinity) &&
  low < (range.lowBelow ?? Infinity) &&
  high >= (range.highAtLeast ?? -Infinity) &&
  high > (range.highAbove ?? -Infinity) &&
  high <= (range.highAtMost ?? Infinity) &&
  high < (range.highBelow ?? Infinity);

/** What a reader would pick by hand: lowest start rising, highest end falling, the newest first among equals, undated last. */
function byHand(ranges: readonly Range[], descending: boolean): string[] {
  const found = WRITTEN.filter((id) => ranges.every((range) => (STOCK[id] ?? []).some((d) => meets(range, d))));
  const key = (id: string): number => {
    const dates = STOCK[id] ?? [];
    if (dates.length === 0) return Infinity;
    return descending ? -Math.max(...dates.map(([, high]) => high)) : Math.min(...dates.map(([low]) => low));
  };
  const place = (id: string): number => WRITTEN.indexOf(id);
  return found.sort((a, b) => (key(a) === key(b) ? place(b) - place(a) : key(a) - key(b)));
}

const RANGES: Readonly<Record<string, readonly Range[]>> = {
  'any date or none': [],
  'since a date': [{ highAtLeast: 40 * DAY }],
  'after a date': [{ highAbove: 40 * DAY }],
  'until a date': [{ lowAtMost: 40 * DAY }],
  'before a date': [{ lowBelow: 40 * DAY }],
  'starting after': [{ lowAbove: 40 * DAY }],
  'ending before': [{ highBelow: 40 * DAY + 1 }],
  'within a day': [{ lowAtLeast: 40 * DAY, highAtMost: 41 * DAY - 1 }],
  'overlapping a minute': [{ lowAtMost: 40 * DAY + MINUTE, highAtLeast: 40 * DAY }],
  'between two dates': [{ highAtLeast: 39 * DAY + 1 }, { lowBelow: 50 * DAY }],
  'before and after': [{ lowBelow: 20 * DAY }, { highAbove: 60 * DAY }],
};

/** Sorting by the main date, whatever it lasts and whatever is asked of it. */
export function dateOrderContract(open: Open): void {
  const place = fresh(open);

  async function stocked(): Promise<Store> {
    for (const [id, dates] of Object.entries(STOCK)) {
      const values: IndexValue[] = [
        reference('subject', 'Patient', 'p'),
        token('code', 'urn:l', 'hr'),
        ...dates.map(([low, high]) => date('date', low, high)),
      ];
      await committed(place.store, [put(draft('Observation', id, { values, patient: 'p' }))]);
    }
    return place.store;
  }

  const mine = refersTo('subject', 'Patient', 'p');
  const among: readonly (readonly [string, Predicate])[] = [
    ['a type', { kind: 'all' }],
    ['a patient', mine],
    ['a patient and code', and(mine, coded('code', 'hr', 'urn:l'))],
  ];
  describe.each(among)('of %s', (_, where) => {
    test('resources rise by their start and fall by their end', async () => {
      const store = await stocked();
      for (const [name, ranges] of Object.entries(RANGES))
        for (const descending of [false, true]) {
          const asked = and(where, ...ranges.map((range): Predicate => ({ kind: 'date', param: 'date', range })));
          const sort = [sorted('date', 'date', descending)];
          const found: string[] = [];
          let page = await store.search(query('Observation', asked, { sort, count: 2 }));
          for (;;) {
            found.push(...page.matches.map((m) => m.id));
            if (page.next === undefined || found.length > WRITTEN.length) break;
            const cursor = { direction: 'next', position: page.next } as const;
            page = await store.search(query('Observation', asked, { sort, count: 2, cursor }));
          }
          const expected = byHand(ranges, descending);
          expect({ name, descending, found }).toEqual({ name, descending, found: expected });
          expect(await ids(store, query('Observation', asked, { sort }))).toEqual(expected);
          expect(await ids(store, query('Observation', asked))).toEqual(
            WRITTEN.filter((id) => expected.includes(id)).reverse(),
          );
          expect(await store.count(['Observation'], asked)).toBe(expected.length);
        }
    });
  });
}
