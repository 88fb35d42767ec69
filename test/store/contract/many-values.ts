import { beforeEach, describe, expect, test } from '@jest/globals';
import type { IndexValue } from '../../../src/search/index-values.ts';
import type { Predicate } from '../../../src/search/query.ts';
import { coded, committed, draft, ids, put, query, reference, refersTo, token } from './made.ts';
import { fresh, type Open } from './opened.ts';

const LOINC = 'http://loinc.org';
const MANY = 60;

const numbered = (n: number) => String(n).padStart(3, '0');

/** Many values, each under two parameters, some in groups, with and without their texts, and then all of them again. */
const panel = (): IndexValue[] => {
  const once = Array.from({ length: MANY }, (_, n): IndexValue[] => [
    token('code', LOINC, `c${numbered(n)}`, { text: `text ${numbered(n)}` }),
    token('combo-code', LOINC, `c${numbered(n)}`, { text: `text ${numbered(n)}` }),
    { ...token('pair$0', LOINC, `c${numbered(n)}`), group: n },
    { ...token('pair$1', 'urn:answer', `a${n % 3}`), group: n },
    reference('focus', 'Device', `d${numbered(n)}`),
    reference('device', 'Device', `d${numbered(n)}`),
  ]).flat();
  return [...once, ...once.filter(({ group }) => group === undefined)];
};

/** A resource of many values is found by each of them, once, and stays whole when it changes. */
export function manyValuesContract(open: Open): void {
  const at = fresh(open);
  beforeEach(async () => {
    await committed(at.store, [put(draft('Observation', 'many', { values: panel() }))]);
  });

  const found = (where: Predicate) => ids(at.store, query('Observation', where));

  describe('many values', () => {
    test.each([0, 15, 16, 17, MANY - 1])('value %i is found under each of its parameters', async (n) => {
      for (const param of ['code', 'combo-code'])
        expect(await found(coded(param, `c${numbered(n)}`, LOINC))).toEqual(['many']);
      const text = { kind: 'token', param: 'code', match: { by: 'text', folded: `text ${numbered(n)}` } } as const;
      expect(await found(text)).toEqual(['many']);
      for (const param of ['focus', 'device'])
        expect(await found(refersTo(param, 'Device', `d${numbered(n)}`))).toEqual(['many']);
    });

    test('groups stay apart', async () => {
      const pair = (code: number, answer: number) =>
        found({
          kind: 'composite',
          param: 'pair',
          components: [coded('pair$0', `c${numbered(code)}`, LOINC), coded('pair$1', `a${answer}`, 'urn:answer')],
        });
      expect(await pair(20, 2)).toEqual(['many']);
      expect(await pair(20, 1)).toEqual([]);
      expect(await pair(2, 2)).toEqual(['many']);
      expect(await pair(2, 0)).toEqual([]);
    });

    test('none is left when they go', async () => {
      await committed(at.store, [
        put(draft('Observation', 'many', { text: 'changed', values: [token('code', LOINC, 'other')] })),
      ]);
      expect(await found(coded('code', 'other', LOINC))).toEqual(['many']);
      for (const n of [0, 16, MANY - 1]) {
        expect(await found(coded('code', `c${numbered(n)}`, LOINC))).toEqual([]);
        expect(await found(coded('pair$0', `c${numbered(n)}`, LOINC))).toEqual([]);
      }
    });
  });
}
