import { describe, expect, test } from '@jest/globals';
import { dateInterval, EARLIEST, instantText, LATEST, periodInterval, timingInterval } from '../../src/fhir/period.ts';

const covered = (text: string): readonly [string, string] | undefined => {
  const interval = dateInterval(text);
  return interval && [instantText(interval.low), instantText(interval.high)];
};

describe('a date covers what its precision says', () => {
  test.each([
    ['2026', '2026-01-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
    ['2024-02', '2024-02-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
    ['2026-12', '2026-12-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
    ['2026-03-29', '2026-03-29T00:00:00.000Z', '2026-03-29T23:59:59.999Z'],
    ['2026-01-01T10:00Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:59.999Z'],
    ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.999Z'],
    ['2026-01-01T10:00:00', '2026-01-01T10:00:00.000Z', '2026-01-01T10:00:00.999Z'],
    ['2026-01-01T10:00:00.5Z', '2026-01-01T10:00:00.500Z', '2026-01-01T10:00:00.599Z'],
    ['2026-01-01T10:00:00.123Z', '2026-01-01T10:00:00.123Z', '2026-01-01T10:00:00.123Z'],
    ['2026-01-01T10:00:00.1239999Z', '2026-01-01T10:00:00.123Z', '2026-01-01T10:00:00.123Z'],
    ['2026-01-01T01:00:00+02:00', '2025-12-31T23:00:00.000Z', '2025-12-31T23:00:00.999Z'],
    ['2026-01-01T23:30:00-05:30', '2026-01-02T05:00:00.000Z', '2026-01-02T05:00:00.999Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z', '2017-01-01T00:00:00.999Z'],
    ['0001', '0001-01-01T00:00:00.000Z', '0001-12-31T23:59:59.999Z'],
    ['0099-05-01', '0099-05-01T00:00:00.000Z', '0099-05-01T23:59:59.999Z'],
    ['9999', '9999-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
  ])('%s', (text, low, high) => {
    expect(covered(text)).toEqual([low, high]);
  });

  test.each([
    '2026-02-30',
    '2025-02-29',
    '1900-02-29',
    '2026-13',
    '2026-00',
    '2026-04-31',
    '2026-01-00',
    '0000',
    '26',
    '2026-1-1',
    '2026-01-01T24:00:00Z',
    '2026-01-01T10:60:00Z',
    '2026-01-01T10:00:61Z',
    '2026-01-01T10:00:00+15:00',
    '2026-01-01T10:00:00.Z',
    '2026-01-01T10Z',
    '2026-01-01T',
    '2026-01-01Z',
    ' 2026',
    'today',
    '',
  ])('%j is no date', (text) => {
    expect(dateInterval(text)).toBeUndefined();
  });
});

describe('a period', () => {
  test('is open where it has no end', () => {
    expect(periodInterval({ start: '2026' })).toEqual({ low: Date.UTC(2026, 0, 1), high: LATEST });
    expect(periodInterval({ end: '2026-01-31' })).toEqual({ low: EARLIEST, high: Date.UTC(2026, 1, 1) - 1 });
  });

  test('of nothing, or with a malformed end, covers nothing', () => {
    expect(periodInterval({})).toBeUndefined();
    expect(periodInterval({ start: '2026', end: 'soon' })).toBeUndefined();
  });

  test('of a Timing runs from its first event to its last', () => {
    expect(timingInterval({ event: ['2026-03-01', '2026-01-05'] })).toEqual({
      low: Date.UTC(2026, 0, 5),
      high: Date.UTC(2026, 2, 2) - 1,
    });
    expect(timingInterval({ repeat: { boundsPeriod: { start: '2026' } } })?.high).toBe(LATEST);
    expect(timingInterval({ code: { text: 'BID' } })).toBeUndefined();
  });
});
