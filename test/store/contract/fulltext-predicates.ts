import { beforeEach, describe, expect, test } from '@jest/globals';
import type { IndexValue } from '../../../src/search/index-values.ts';
import { and, or, type Predicate } from '../../../src/search/query.ts';
import { coded, committed, draft, ids, matching, put, query, remove, text, token } from './made.ts';
import { fresh, type Open } from './opened.ts';

const says = (param: '_text' | '_content', ...phrase: string[]): Predicate => ({ kind: 'fulltext', param, phrase });
const words = (param: '_text' | '_content', line: string): IndexValue => ({
  kind: 'fulltext',
  param,
  words: line.split(' '),
});
/** Points of the equator, by degrees of longitude. */
const onEquator = (degrees: number): IndexValue[] =>
  [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180), 0].map((value, n) => ({
    kind: 'number',
    param: `near$${n}`,
    group: 0,
    value,
    low: value,
    high: value,
  }));

const STOCK: Readonly<Record<string, readonly IndexValue[]>> = {
  n1: [words('_text', 'sleep was poor and mood low'), words('_content', 'heart rate  vital signs')],
  n2: [words('_text', 'mood low sleep poor'), words('_content', 'heart rate  vital signs')],
  n3: [words('_content', 'mood chart'), token('code', null, 'x')],
  n4: [text('name', 'Anna-Marie'), text('name', 'Bob')],
};

/** Full text, positions, and the two ways to compare strings that only `_filter` asks for. */
export function fulltextPredicateContract(open: Open): void {
  const it = fresh(open);
  const found = (where: Predicate) => matching(it.store, 'Observation', where);
  beforeEach(async () => {
    await committed(
      it.store,
      Object.entries(STOCK).map(([id, values]) => put(draft('Observation', id, { values }))),
    );
    await committed(it.store, [put(draft('Patient', 'p', { values: [words('_text', 'mood low')] }))]);
  });

  describe('full text', () => {
    test('a word is found in its own text alone, and in its own type', async () => {
      expect(await found(says('_text', 'mood'))).toEqual(['n1', 'n2']);
      expect(await found(says('_content', 'mood'))).toEqual(['n3']);
      expect(await found(says('_text', 'moo'))).toEqual([]);
      expect(await found(says('_text', 'heart'))).toEqual([]);
    });

    test('a phrase is words one right after another, and never reaches from one text into the next', async () => {
      expect(await found(says('_text', 'sleep', 'poor'))).toEqual(['n2']);
      expect(await found(says('_text', 'mood', 'low'))).toEqual(['n1', 'n2']);
      expect(await found(says('_content', 'rate', 'vital'))).toEqual([]);
    });

    test('it combines with everything else, newest first', async () => {
      expect(await found(and(says('_text', 'mood'), { kind: 'not', of: says('_text', 'was') }))).toEqual(['n2']);
      expect(await found(or(says('_text', 'was'), says('_content', 'chart')))).toEqual(['n1', 'n3']);
      expect(await found(and(says('_content', 'mood'), coded('code', 'x')))).toEqual(['n3']);
      expect(await ids(it.store, query('Observation', says('_content', 'vital'), { count: 1 }))).toEqual(['n2']);
      expect(await it.store.count(['Observation'], says('_content', 'vital'))).toBe(2);
    });

    test('a version says what it says now, and a deleted one nothing', async () => {
      await committed(it.store, [
        put(draft('Observation', 'n1', { text: 'b', values: [words('_text', 'well again')] })),
      ]);
      expect(await found(says('_text', 'mood'))).toEqual(['n2']);
      expect(await found(says('_text', 'well', 'again'))).toEqual(['n1']);
      expect(await found(says('_content', 'heart'))).toEqual(['n2']);
      await committed(it.store, [remove('Observation', 'n2')]);
      expect(await found(or(says('_text', 'mood'), says('_content', 'heart')))).toEqual([]);
      await committed(it.store, [put(draft('Observation', 'n5', { values: [words('_text', 'mood low sleep poor')] }))]);
      expect(await found(says('_text', 'low', 'sleep'))).toEqual(['n5']);
    });

    test('equal text stored anew under another index is found by the new words alone', async () => {
      const again = draft('Observation', 'n3', { values: [words('_content', 'mood diary')], indexed: 'v2' });
      await committed(it.store, [put(again)]);
      expect(await found(says('_content', 'chart'))).toEqual([]);
      expect(await found(says('_content', 'mood', 'diary'))).toEqual(['n3']);
    });

    test('narrative words are not readable at rest', async () => {
      const raw = (await it.opened.rawBytes()).toString('latin1');
      expect(raw.includes('sleep')).toBe(false);
    });
  });

  test('near: positions within a straight line of the centre', async () => {
    await committed(
      it.store,
      [0, 1, 5, 180].map((degrees) => put(draft('Location', `at${degrees}`, { values: onEquator(degrees) }))),
    );
    const near = (degrees: number): Predicate => ({
      kind: 'near',
      param: 'near',
      center: [1, 0, 0],
      chord: 2 * Math.sin((degrees * Math.PI) / 360),
    });
    const inside = (degrees: number) => matching(it.store, 'Location', near(degrees));
    expect(await inside(0.5)).toEqual(['at0']);
    expect(await inside(1.001)).toEqual(['at0', 'at1']);
    expect(await inside(4.999)).toEqual(['at0', 'at1']);
    expect(await inside(180)).toEqual(['at0', 'at1', 'at180', 'at5']);
    expect(await matching(it.store, 'Location', { kind: 'not', of: near(2) })).toEqual(['at180', 'at5']);
  });

  test('a composite is missing where its first component is', async () => {
    await committed(it.store, [put(draft('Location', 'at', { values: onEquator(0) })), put(draft('Location', 'not'))]);
    const missing = (is: boolean): Predicate => ({ kind: 'missing', param: 'near$0', of: 'number', missing: is });
    expect(await matching(it.store, 'Location', missing(false))).toEqual(['at']);
    expect(await matching(it.store, 'Location', missing(true))).toEqual(['not']);
  });

  test('strings compared whole and by their end, folded', async () => {
    const name = (match: 'equals' | 'ends', value: string): Predicate => ({
      kind: 'string',
      param: 'name',
      match,
      value,
    });
    expect(await found(name('equals', 'annamarie'))).toEqual(['n4']);
    expect(await found(name('equals', 'anna'))).toEqual([]);
    expect(await found(name('ends', 'marie'))).toEqual(['n4']);
    expect(await found(name('ends', 'ob'))).toEqual(['n4']);
    expect(await found(name('ends', 'anna'))).toEqual([]);
  });
}
