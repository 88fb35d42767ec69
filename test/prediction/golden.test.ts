/** @jest-environment <rootDir>/test/onnx-environment.mjs */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { contributions } from '../../src/prediction/explanation.ts';
import { features } from '../../src/prediction/features.ts';
import { loadModel, type Model } from '../../src/prediction/model.ts';
import { predict } from '../../src/prediction/predict.ts';
import type { DailySummary } from '../../src/series/daily-summary.ts';

interface Vector {
  readonly series: string;
  readonly asOf: string;
  readonly features: readonly (number | null)[];
  readonly considered: readonly (number | null)[];
  readonly margin: number;
  readonly probability: number;
  readonly contributions?: readonly number[];
}
interface Golden {
  readonly series: Readonly<Record<string, readonly DailySummary[]>>;
  readonly vectors: readonly Vector[];
  readonly abstentions: readonly {
    readonly series: string;
    readonly asOf: string;
    readonly unmet: readonly string[];
  }[];
}

const golden: Golden = JSON.parse(readFileSync('models/risk-prediction/golden.json', 'utf8'));
const daysOf = (vector: { readonly series: string }): readonly DailySummary[] => golden.series[vector.series] ?? [];
const furthest = (found: readonly number[], expected: readonly (number | null)[]): number =>
  Math.max(
    ...expected.map((value, i) => {
      const given = found[i] ?? Number.NaN;
      return value === null ? (Number.isNaN(given) ? 0 : Number.POSITIVE_INFINITY) : Math.abs(given - value);
    }),
  );

describe('the shipped model gives what its training gave', () => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel('models/risk-prediction');
  });

  test('there are enough vectors, some with missing values, to mean anything', () => {
    expect(golden.vectors.length).toBeGreaterThanOrEqual(50);
    expect(golden.vectors.filter((vector) => vector.features.includes(null)).length).toBeGreaterThan(10);
    expect(golden.vectors.filter((vector) => vector.considered.includes(null)).length).toBeGreaterThan(10);
  });

  test.each(golden.vectors.map((vector) => [`${vector.series} on ${vector.asOf}`, vector] as const))(
    'features within 1e-9 and probability within 1e-6: %s',
    async (_, vector) => {
      const { definitions } = model;
      const days = daysOf(vector);
      expect(furthest(features(definitions, definitions.features, days, vector.asOf), vector.features)).toBeLessThan(
        1e-9,
      );
      expect(
        furthest(features(definitions, definitions.considered, days, vector.asOf), vector.considered),
      ).toBeLessThan(1e-9);
      const prediction = await predict(model, days, vector.asOf);
      if (prediction.kind !== 'predicted') throw new Error('abstained');
      expect(Math.abs(prediction.probability - vector.probability)).toBeLessThan(1e-6);
    },
  );

  test('contributions are the Shapley values that all 2^n coalitions give, and sum up to the prediction', async () => {
    const explained = golden.vectors.filter((vector) => vector.contributions);
    expect(explained.length).toBeGreaterThanOrEqual(5);
    for (const vector of explained) {
      const row = vector.features.map((value) => value ?? Number.NaN);
      const { margin, base, values } = await contributions(model.score, row, model.manifest.reference.values);
      expect(furthest(values, vector.contributions ?? [])).toBeLessThan(1e-5);
      expect(Math.abs(values.reduce((sum, value) => sum + value, base) - margin)).toBeLessThan(1e-5);
    }
  });

  test('on days with too little data the model abstains for the same reasons', async () => {
    expect(golden.abstentions.length).toBeGreaterThan(0);
    for (const { asOf, unmet, ...vector } of golden.abstentions) {
      const prediction = await predict(model, daysOf(vector), asOf);
      expect(prediction).toMatchObject({ kind: 'abstained', unmet: unmet.map((text) => ({ text })) });
    }
  });
});
