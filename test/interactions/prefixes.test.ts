import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asking } from './asking.ts';
import { type Living, living, observation } from './living.ts';

const UCUM = { system: 'http://unitsofmeasure.org', code: 'kg' };
let it: Living;
const { put, found } = asking(() => it);

beforeAll(async () => {
  // Nine days after the day that is asked for: what is approximately then is 0.9 days away at most.
  it = await living({ now: () => Date.UTC(2026, 2, 24) });
  await put({ resourceType: 'Patient', id: 'p' });
  const dates = {
    earlier: { effectiveDateTime: '2026-03-01' },
    eve: { effectiveDateTime: '2026-03-13T12:00:00Z' },
    day: { effectiveDateTime: '2026-03-14T10:00:00Z' },
    span: { effectivePeriod: { start: '2026-03-13', end: '2026-03-15' } },
    morrow: { effectiveDateTime: '2026-03-15T12:00:00Z' },
    later: { effectiveDateTime: '2026-04-01' },
  };
  for (const [id, effective] of Object.entries(dates))
    await put({ ...observation('p'), effectiveDateTime: undefined, ...effective, id });
  for (const [id, value] of Object.entries({ low: 10, near: 49.6, is: 50, over: 50.4, close: 54, high: 60 })) {
    await risk(id, { probabilityDecimal: value });
    // Some in grams: what is compared is the mass, not the figure.
    const grams = value > 50 && { value: value * 1000, code: 'g' };
    await put({ ...observation('p'), valueQuantity: { ...UCUM, value, ...grams }, id });
  }
  const percent = (value: number) => ({ value, system: UCUM.system, code: '%' });
  await risk('range', { probabilityRange: { low: percent(40), high: percent(70) } });
  const valueSampledData = { origin: { ...UCUM, value: 0 }, period: 1000, dimensions: 1, data: '40 55 70' };
  await put({ ...observation('p'), valueQuantity: undefined, valueSampledData, id: 'range' });
});
afterAll(() => it.stop());

const risk = (id: string, prediction: object) =>
  put({
    resourceType: 'RiskAssessment',
    id,
    status: 'final',
    subject: { reference: 'Patient/p' },
    prediction: [prediction],
  });

/** What the prefix finds: by dates beside 2026-03-14, by numbers and masses beside 50; both of these must agree. */
const compared = async (prefix: string) => {
  const dated = 'earlier,eve,day,span,morrow,later';
  const dates = await found(`Observation?date=${prefix}2026-03-14&_id=${dated}`);
  const numbers = await found(`RiskAssessment?probability=${prefix}50`);
  const masses = await found(`Observation?value-quantity=${prefix}50|http://unitsofmeasure.org|kg`);
  expect(masses).toEqual(numbers);
  return { dates, numbers };
};
const sorted = (text: string) => text.split(' ').toSorted();

test('eq, and no prefix, find what lies within the precision written', async () => {
  const within = { dates: ['day'], numbers: sorted('near is over') };
  expect(await compared('eq')).toEqual(within);
  expect(await compared('')).toEqual(within);
});

test('ne finds what does not lie within the precision written', async () => {
  expect(await compared('ne')).toEqual({
    dates: sorted('earlier eve span morrow later'),
    numbers: sorted('low close high range'),
  });
});

test('gt finds what is, or reaches, above', async () => {
  expect(await compared('gt')).toEqual({
    dates: sorted('span morrow later'),
    numbers: sorted('over close high range'),
  });
});

test('lt finds what is, or reaches, below', async () => {
  expect(await compared('lt')).toEqual({ dates: sorted('earlier eve span'), numbers: sorted('low near range') });
});

test('ge finds what gt finds and what is equal', async () => {
  expect(await compared('ge')).toEqual({
    dates: sorted('day span morrow later'),
    numbers: sorted('is over close high range'),
  });
});

test('le finds what lt finds and what is equal', async () => {
  expect(await compared('le')).toEqual({
    dates: sorted('earlier eve day span'),
    numbers: sorted('low near is range'),
  });
});

test('sa finds what starts after, not what spans it', async () => {
  expect(await compared('sa')).toEqual({ dates: sorted('morrow later'), numbers: sorted('over close high') });
});

test('eb finds what ends before, not what spans it', async () => {
  expect(await compared('eb')).toEqual({ dates: sorted('earlier eve'), numbers: sorted('low near') });
});

test('ap finds what is a tenth away at most: of the value, or of the time that lies between it and now', async () => {
  expect(await compared('ap')).toEqual({
    dates: sorted('eve day span morrow'),
    numbers: sorted('near is over close range'),
  });
});
