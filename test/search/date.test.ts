import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../src/fhir/resource.ts';
import { finds } from './matching.ts';

const observed = (effective: Resource['x']): Resource => ({
  resourceType: 'Observation',
  ...(typeof effective === 'string' ? { effectiveDateTime: effective } : { effectivePeriod: effective }),
});

// [resource, query, found]: search.html#prefix and #date, applied to intervals.
const TABLE: readonly (readonly [string | { start?: string; end?: string }, string, boolean])[] = [
  ['2013-01-14T10:00:00Z', '2013-01-14', true],
  ['2013-01-14T00:00:00Z', 'eq2013-01-14', true],
  ['2013-01-15T00:00:00Z', 'eq2013-01-14', false],
  ['2013-01', 'eq2013-01-14', false],
  ['2013-01-14', 'eq2013-01', true],
  ['2013-01-14', 'eq2013', true],
  ['2013', 'eq2013', true],
  ['2013-01-14T10:00:00Z', '2013-01-14T10:00', true],
  ['2013-01-14T10:00:30Z', '2013-01-14T10:00Z', true],
  ['2013-01-14T10:00:00+02:00', '2013-01-14T08:00:00Z', true],
  ['2013-01-14T23:30:00-05:00', '2013-01-14', false],
  ['2013-01-14T23:30:00-05:00', '2013-01-15', true],
  [{ start: '2013-01-10', end: '2013-01-20' }, 'eq2013-01', true],
  [{ start: '2013-01-10', end: '2013-02-20' }, 'eq2013-01', false],
  [{ start: '2013-01-10' }, 'eq2013', false],
  ['2013-01-15', 'ne2013-01-14', true],
  ['2013-01-14T10:00:00Z', 'ne2013-01-14', false],
  [{ start: '2013-01-10', end: '2013-02-20' }, 'ne2013-01', true],
  ['2013-01-15T00:00:00Z', 'gt2013-01-14', true],
  ['2013-01-14T23:59:59.999Z', 'gt2013-01-14', false],
  ['2013-01', 'gt2013-01-14', true],
  [{ start: '2013-01-01' }, 'gt2020', true],
  [{ end: '2013-01-01' }, 'gt2013-01-01', false],
  ['2013-01-13', 'lt2013-01-14', true],
  ['2013-01-14', 'lt2013-01-14', false],
  ['2013-01', 'lt2013-01-14', true],
  [{ end: '2013-01-01' }, 'lt1900', true],
  ['2013-01-14', 'ge2013-01-14', true],
  ['2013-01-14T12:00:00Z', 'ge2013-01-14', true],
  ['2013-03-10', 'ge2013-03', true],
  ['2013-02-28', 'ge2013-03', false],
  ['2013', 'ge2013-06', true],
  // Ends with the search value's month but starts before it: neither above it nor contained.
  [{ start: '2013-01-01', end: '2013-03-31' }, 'ge2013-03', false],
  [{ start: '2013-01-01', end: '2013-04-01' }, 'ge2013-03', true],
  ['2013-03-10', 'le2013-03', true],
  ['2013-04-01', 'le2013-03', false],
  [{ start: '2013-03-01', end: '2013-04-30' }, 'le2013-03', false],
  [{ start: '2013-02-28', end: '2013-04-30' }, 'le2013-03', true],
  ['2013-03-15', 'sa2013-03-14', true],
  ['2013-03-14T23:00:00Z', 'sa2013-03-14', false],
  [{ start: '2013-03-14', end: '2013-05-01' }, 'sa2013-03-14', false],
  ['2013-03-13', 'eb2013-03-14', true],
  [{ start: '2013-01-01', end: '2013-03-14' }, 'eb2013-03-14', false],
  // Ten percent of the eleven years to 2024 is a little over a year.
  ['2013-06-01', 'ap2012-12-31', true],
  ['2015-06-01', 'ap2012-12-31', false],
  ['2013-01-14', '2013-01-13,2013-01-14', true],
  ['2013-01-14', 'ge2013-01-01&date=lt2013-02-01', true],
  ['2013-02-01', 'ge2013-01-01&date=lt2013-02-01', false],
];

describe('date', () => {
  test.each(TABLE)('%j and date=%s: %s', (effective, query, found) => {
    expect(
      finds(observed(effective), `date=${encodeURIComponent(query).replaceAll('%26', '&').replaceAll('%3D', '=')}`),
    ).toBe(found);
  });

  test('a plus that the URL turned into a space still is a zone', () => {
    expect(finds(observed('2013-01-14T08:00:00Z'), 'date=2013-01-14T10:00:00+02:00')).toBe(true);
  });

  test('only the outer limits of a Timing count', () => {
    const timed = {
      resourceType: 'Observation',
      effectiveTiming: {
        repeat: { boundsPeriod: { start: '2013-01-31', end: '2013-03-24' }, frequency: 1, period: 2, periodUnit: 'd' },
      },
    };
    expect(finds(timed, 'date=ge2013-02-01')).toBe(true);
    expect(finds(timed, 'date=2013')).toBe(true);
    expect(finds(timed, 'date=2013-02')).toBe(false);
  });

  test('a resource without the date is found by :missing alone, not by ne', () => {
    const bare = { resourceType: 'Observation' };
    expect(finds(bare, 'date=ne2013')).toBe(false);
    expect(finds(bare, 'date:missing=true')).toBe(true);
    expect(finds(bare, 'date:missing=false')).toBe(false);
  });

  test('_lastUpdated is an instant', () => {
    const bare = { resourceType: 'Observation' };
    expect(finds(bare, '_lastUpdated=2023-06-15')).toBe(true);
    expect(finds(bare, '_lastUpdated=ge2023-06-15&_lastUpdated=le2023-06-15')).toBe(true);
    expect(finds(bare, '_lastUpdated=gt2023-06-15')).toBe(false);
    expect(finds(bare, '_lastUpdated=2023-06-15T12:00:00')).toBe(true);
    expect(finds(bare, '_lastUpdated=ne2023-06-15')).toBe(false);
    expect(finds(bare, '_lastUpdated=sa2023-06-14')).toBe(true);
  });
});
