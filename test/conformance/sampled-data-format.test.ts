import { describe, expect, test } from '@jest/globals';
import { sampledDataProblem } from '../../src/conformance/validation/sampled-data-format.ts';
import type { Json } from '../../src/fhir/resource.ts';
import { heartRate, validating } from './validating.ts';

const validate = validating();
const sampled = (data: string) => ({ origin: { value: 0 }, period: 1000, dimensions: 1, data });

describe('SampledData.data', () => {
  test.each(['1', '-1.50', '0', '0.1 E U L 2', '1e5 1E-5 1.5e+3', 'E', '-0', `${'12.5 '.repeat(200_000)}7`])(
    'is taken as samples: %.20s',
    (data) => {
      expect(sampledDataProblem(data)).toBeUndefined();
    },
  );

  test.each([
    ['1  2', 1],
    [' 1', 0],
    ['1 ', 1],
    ['1\n2', 0],
    ['1\t2', 0],
    ['1,2', 0],
    ['1 x 2', 1],
    ['1 EE', 1],
    ['e', 0],
    ['1 +2', 1],
    ['01', 0],
    ['1 .5', 1],
    ['5.', 0],
    ['1e', 0],
    ['1 1e+', 1],
    ['-', 0],
    ['--1', 0],
    ['NaN', 0],
    ['Infinity', 0],
    ['0x1', 0],
    [' ', 0],
  ])('%j is refused at sample %i', (data, sample) => {
    expect(sampledDataProblem(data)).toContain(`sample ${sample}, `);
  });

  test('is checked in Observations, components and extensions', () => {
    const checked = (change: Readonly<Record<string, Json>>) =>
      validate(heartRate({ valueQuantity: undefined, ...change }));
    expect(checked({ valueSampledData: sampled('1 2') })).toEqual([]);
    expect(checked({ valueSampledData: sampled('1  2') })[0]).toMatch(
      /^error Observation.valueSampledData.data: sample 1, ''/,
    );
    const component = [{ code: { text: 'x' }, valueSampledData: sampled('1;2') }];
    expect(checked({ component })[0]).toMatch(
      /^error Observation.component\[0\].valueSampledData.data: sample 0, '1;2'/,
    );
    const extension = [{ url: 'http://example.org/samples', valueSampledData: sampled('one') }];
    expect(checked({ extension })[0]).toMatch(
      /^error Observation.extension\[0\].valueSampledData.data: sample 0, 'one'/,
    );
  });
});
