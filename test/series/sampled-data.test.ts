import { describe, expect, test } from '@jest/globals';
import { decodeSampledData } from '../../src/series/sampled-data.ts';
import { sampledDataIssues } from '../../src/series/sampled-data-issues.ts';

const sampled = (more: object) => ({ origin: { value: 0 }, period: 1000, dimensions: 1, data: '1 2 3', ...more });
const PATH = 'Observation.valueSampledData';

describe('a series of samples', () => {
  test('is origin + sample × factor, and what the device could not give is unknown, not zero', () => {
    const samples = decodeSampledData(
      sampled({ origin: { value: 10 }, factor: 0.5, data: '0 4 E -2 U L 1e1' }),
      7,
      PATH,
    );
    expect(samples).toMatchObject({ start: 7, period: 1000 });
    expect([...(samples?.values ?? [])]).toEqual([10, 12, Number.NaN, 9, Number.NaN, Number.NaN, 15]);
  });
  test('may be empty', () => {
    expect(decodeSampledData({ origin: { value: 0 }, period: 1, dimensions: 1 }, 0, PATH)?.values).toHaveLength(0);
    expect(decodeSampledData(sampled({ data: ' ' }), 0, PATH)?.values).toHaveLength(0);
  });
  test('of several dimensions is whole, and no measure is read from it', () => {
    expect(decodeSampledData(sampled({ dimensions: 2, data: '1 2 3 4' }), 0, PATH)).toBeUndefined();
  });
  test.each([
    [{ data: '60 x 61' }, `${PATH}.data`, /'x' \(sample 1\)/],
    [{ data: '1 Infinity' }, `${PATH}.data`, /'Infinity'/],
    [{ data: '1 1e999' }, `${PATH}.data`, /'1e999'/],
    [{ data: '1 0x10' }, `${PATH}.data`, /'0x10'/],
    [{ data: '1,2' }, `${PATH}.data`, /'1,2'/],
    [{ dimensions: 2 }, `${PATH}.data`, /3 samples are not whole points of 2 dimensions/],
    [{ period: 0 }, `${PATH}.period`, /no positive number/],
    [{ period: -1 }, `${PATH}.period`, /no positive number/],
    [{ origin: {} }, `${PATH}.origin`, /no number/],
  ])('that is malformed is refused with its element: %j', (more, expression, diagnostics) => {
    const [issue] = sampledDataIssues({ resourceType: 'Observation', valueSampledData: sampled(more) });
    expect(issue).toMatchObject({ severity: 'error', code: 'value', expression: [expression] });
    expect(issue?.diagnostics).toMatch(diagnostics);
  });
  test('is found in components too, by their place', () => {
    const component = [{}, { valueSampledData: sampled({ data: 'x' }) }];
    expect(sampledDataIssues({ resourceType: 'Observation', component })).toMatchObject([
      { expression: ['Observation.component[1].valueSampledData.data'] },
    ]);
    expect(sampledDataIssues({ resourceType: 'Patient' })).toEqual([]);
  });
});
