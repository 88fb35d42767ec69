import { describe, expect, test } from '@jest/globals';
import { decimalInterval } from '../../src/search/decimal-interval.ts';
import { finds } from './matching.ts';

describe('implied precision (search.html#number)', () => {
  test.each([
    ['100', 99.5, 100.5],
    ['100.00', 99.995, 100.005],
    ['1.00', 0.995, 1.005],
    ['1e2', 95, 105],
    ['5.40e-3', 0.005395, 0.005405],
    ['0', -0.5, 0.5],
    ['-2.5', -2.55, -2.45],
  ])('%s is [%d, %d)', (text, low, high) => {
    expect(decimalInterval(text)).toEqual({ value: Number(text), low, high });
  });

  test.each(['', 'x', '1.', '.5', '1e', '1e999', 'NaN', 'Infinity', '0x10', ' 1', '1_0'])(
    "'%s' is no number",
    (text) => {
      expect(decimalInterval(text)).toBeUndefined();
    },
  );
});

const risk = (probability: number) => ({
  resourceType: 'RiskAssessment',
  prediction: [{ probabilityDecimal: probability }],
});
const range = (low: number | undefined, high: number | undefined) => ({
  resourceType: 'RiskAssessment',
  prediction: [
    {
      probabilityRange: {
        ...(low !== undefined && { low: { value: low } }),
        ...(high !== undefined && { high: { value: high } }),
      },
    },
  ],
});

describe('number', () => {
  test.each([
    [99.5, '100', true],
    [100.5, '100', false],
    [100.4999, '100', true],
    [100.4999, '100.00', false],
    [99.4, 'ne100', true],
    [100, 'ne100', false],
    [100.5, 'ne100', true],
    [100, 'gt100', false],
    [100.0001, 'gt100', true],
    [99.9999, 'lt100', true],
    [100, 'lt100', false],
    [100, 'ge100', true],
    [100, 'le100', true],
    [100.1, 'le100', false],
    [100, 'sa100', false],
    [101, 'sa100', true],
    [99, 'eb100', true],
    [100, 'eb100', false],
    [91, 'ap100', true],
    [89, 'ap100', false],
    [110, 'ap100', true],
    [-95, 'ap-100', true],
    [3, '1,2,3', true],
  ])('%d and probability=%s: %s', (value, query, found) => {
    expect(finds(risk(value), `probability=${query}`)).toBe(found);
  });

  test.each([
    [0.1, 0.3, 'lt0.2', true],
    [0.1, 0.3, 'gt0.2', true],
    [0.1, 0.3, 'sa0.2', false],
    [0.1, 0.3, 'sa0.05', true],
    [0.1, 0.3, 'eb0.4', true],
    [0.1, undefined, 'gt0.9', true],
    [undefined, 0.3, 'eb0.2', false],
    [0.1, 0.3, '0.2', false],
  ])('the range %p to %p and probability=%s: %s', (low, high, query, found) => {
    expect(finds(range(low, high), `probability=${query}`)).toBe(found);
  });
});
