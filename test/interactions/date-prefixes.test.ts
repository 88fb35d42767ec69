import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asking } from './asking.ts';
import { type Living, living, observation } from './living.ts';

let it: Living;
const { put, found } = asking(() => it);
const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];

/** What is stored, and by which prefixes beside 2013-03-14 it is found (search.html#prefix, search.html#date). */
const OBSERVED: Readonly<Record<string, readonly [effective: object, prefixes: string]>> = {
  'date-time': [{ effectiveDateTime: '2013-03-14' }, 'eq ge le ap'],
  month: [{ effectiveDateTime: '2013-03' }, 'ne gt lt ge le ap'],
  year: [{ effectiveDateTime: '2013' }, 'ne gt lt ge le ap'],
  'zone-before': [{ effectiveDateTime: '2013-03-14T00:00:00+02:00' }, 'ne lt le eb ap'],
  'zone-after': [{ effectiveDateTime: '2013-03-14T23:00:00-02:00' }, 'ne gt ge sa ap'],
  'first-instant': [{ effectiveInstant: '2013-03-14T00:00:00.000Z' }, 'eq ge le ap'],
  'last-instant': [{ effectiveInstant: '2013-03-14T23:59:59.999Z' }, 'eq ge le ap'],
  'next-instant': [{ effectiveInstant: '2013-03-15T00:00:00.000Z' }, 'ne gt ge sa ap'],
  'far-instant': [{ effectiveInstant: '2013-03-16T00:00:00.000Z' }, 'ne gt ge sa'],
  'open-end': [{ effectivePeriod: { start: '2013-03-14' } }, 'ne gt ge ap'],
  'open-end-after': [{ effectivePeriod: { start: '2013-03-16' } }, 'ne gt ge sa'],
  'open-end-before': [{ effectivePeriod: { start: '2012' } }, 'ne gt lt ge le ap'],
  'open-start': [{ effectivePeriod: { end: '2013-03-14' } }, 'ne lt le ap'],
  'open-start-before': [{ effectivePeriod: { end: '2013-03-12' } }, 'ne lt le eb'],
  'open-start-after': [{ effectivePeriod: { end: '2014' } }, 'ne gt lt ge le ap'],
  'period-within': [{ effectivePeriod: { start: '2013-03-14T08:00:00Z', end: '2013-03-14' } }, 'eq ge le ap'],
  'period-into': [{ effectivePeriod: { start: '2013-03-13', end: '2013-03-14' } }, 'ne lt le ap'],
  'period-out': [{ effectivePeriod: { start: '2013-03-14', end: '2013-03-15' } }, 'ne gt ge ap'],
  event: [{ effectiveTiming: { event: ['2013-03-14'] } }, 'eq ge le ap'],
  'events-around': [{ effectiveTiming: { event: ['2013-03-15', '2013-03-13'] } }, 'ne gt lt ge le ap'],
  'events-after': [{ effectiveTiming: { event: ['2013-03-15', '2013-03-20'] } }, 'ne gt ge sa ap'],
  bounds: [{ effectiveTiming: { repeat: { boundsPeriod: { start: '2013-03-14' } } } }, 'ne gt ge ap'],
  undated: [{ effectiveTiming: { repeat: { frequency: 1, period: 1, periodUnit: 'd' } } }, ''],
};
const BORN: Readonly<Record<string, readonly [birthDate: string, prefixes: string]>> = {
  day: ['2013-03-14', 'eq ge le ap'],
  eve: ['2013-03-13', 'ne lt le eb ap'],
  morrow: ['2013-03-15', 'ne gt ge sa ap'],
  month: ['2013-03', 'ne gt lt ge le ap'],
  'month-before': ['2013-02', 'ne lt le eb'],
  year: ['2013', 'ne gt lt ge le ap'],
};

beforeAll(async () => {
  // Nine days after the day that is asked for: what is approximately then is 0.9 days away at most.
  it = await living({ now: () => Date.UTC(2013, 2, 24) });
  for (const [id, [birthDate]] of Object.entries(BORN)) await put({ resourceType: 'Patient', id, birthDate });
  for (const [id, [effective]] of Object.entries(OBSERVED))
    await put({ ...observation('day'), effectiveDateTime: undefined, ...effective, id });
});
afterAll(() => it.stop());

const expected = (of: Readonly<Record<string, readonly [unknown, string]>>, prefix: string) =>
  Object.entries(of)
    .filter(([, [, prefixes]]) => prefixes.split(' ').includes(prefix))
    .map(([id]) => id)
    .toSorted();

describe('a date search', () => {
  test.each(PREFIXES)('by %s finds dateTimes, instants, Periods and Timings by their ranges', async (prefix) => {
    expect(await found(`Observation?date=${prefix}2013-03-14&_count=100`)).toEqual(expected(OBSERVED, prefix));
  });

  test.each(PREFIXES)('by %s finds dates by what their precision covers', async (prefix) => {
    expect(await found(`Patient?birthdate=${prefix}2013-03-14`)).toEqual(expected(BORN, prefix));
  });

  test('takes a month for all of its days, and a minute for all of its seconds', async () => {
    expect(await found('Patient?birthdate=2013-03')).toEqual(['day', 'eve', 'month', 'morrow']);
    expect(await found('Patient?birthdate=sa2013-02')).toEqual(['day', 'eve', 'month', 'morrow']);
    expect(await found('Observation?date=2013-03-14T23:59Z')).toEqual(['last-instant']);
  });

  test('does not find by any prefix what states no date', async () => {
    expect(await found('Observation?date:missing=true')).toEqual(['undated']);
  });
});
