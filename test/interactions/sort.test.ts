import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asking, idsOf, linkOf } from './asking.ts';
import { type Living, living } from './living.ts';
import { type Key, KINDS, type Known } from './sortable.ts';

const COUNT = 45;

let it: Living;
const { put } = asking(() => it);
/** Of each type, in the order of their last change. */
const stored = new Map<string, readonly Known[]>();

beforeAll(async () => {
  it = await living({ referentialIntegrity: false });
  for (const { type, make } of KINDS) {
    const all = fc.sample(make, { numRuns: COUNT, seed: 20_260_101 }).map((it, n) => ({ ...it, id: `${type[0]}${n}` }));
    for (const { id, resource } of all) await put({ resourceType: type, id, ...resource, language: 'en' });
    // Every third is changed, so that the order of changes is not that of ids or creation.
    const changed = all.filter((_, n) => n % 3 === 0).toReversed();
    for (const { id, resource } of changed) await put({ resourceType: type, id, ...resource });
    stored.set(type, [...all.filter((one) => !changed.includes(one)), ...changed]);
  }
});
afterAll(() => it.stop());

interface Rule {
  readonly param: string;
  readonly isDescending: boolean;
}

const bytewise = (a: Key, b: Key): number =>
  typeof a === 'number' && typeof b === 'number'
    ? a - b
    : Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));

function keyOf(known: Known, changedAt: number, { param, isDescending }: Rule): Key | undefined {
  if (param === '_id') return known.id;
  if (param === '_lastUpdated') return changedAt;
  const ends = known.values[param] ?? [];
  const keys = ends.map(({ lowest, highest }) => (isDescending ? highest : lowest)).toSorted(bytewise);
  return isDescending ? keys.at(-1) : keys[0];
}

/** search.html#sort, spelled out: the lowest value upwards, the highest downwards, none last, the newest first among equals. */
function inOrder(type: string, rules: readonly Rule[]): readonly string[] {
  const rows = (stored.get(type) ?? []).map((known, at) => ({
    id: known.id,
    at,
    keys: rules.map((rule) => keyOf(known, at, rule)),
  }));
  return rows
    .toSorted((a, b) => {
      for (const [n, { isDescending }] of rules.entries()) {
        const [x, y] = [a.keys[n], b.keys[n]];
        if (x === undefined && y === undefined) continue;
        if (x === undefined) return 1;
        if (y === undefined) return -1;
        const difference = isDescending ? bytewise(y, x) : bytewise(x, y);
        if (difference !== 0) return difference;
      }
      return b.at - a.at;
    })
    .map(({ id }) => id);
}

const asText = (rules: readonly Rule[]): string =>
  rules.map(({ param, isDescending }) => `${isDescending ? '-' : ''}${param}`).join(',');

async function sorted(type: string, sort: string, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  let url: string | undefined = `${type}?_sort=${sort}&_count=${count}`;
  while (url !== undefined) {
    const page = await it.ask('GET', url);
    expect([url, page.status]).toEqual([url, 200]);
    ids.push(...idsOf(page, 'match'));
    url = linkOf(page, 'next');
  }
  return ids;
}

describe.each(KINDS)('_sort of $type', ({ type, params }) => {
  const all = ['_id', '_lastUpdated', ...params];

  test.each(all.flatMap((param) => [[param], [`-${param}`]]))('by %s is the order of its values', async (sort) => {
    const rule = { param: sort.replace(/^-/, ''), isDescending: sort.startsWith('-') };
    expect(await sorted(type, sort, 100)).toEqual(inOrder(type, [rule]));
  });

  test('by several parameters is the order of the first, then of the next, on one page as on many', async () => {
    const rules = fc.uniqueArray(fc.record({ param: fc.constantFrom(...all), isDescending: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
      selector: ({ param }) => param,
    });
    await fc.assert(
      fc.asyncProperty(rules, fc.constantFrom(7, 100), async (chosen, count) => {
        expect(await sorted(type, asText(chosen), count)).toEqual(inOrder(type, chosen));
      }),
      { numRuns: 15 },
    );
  });
});
