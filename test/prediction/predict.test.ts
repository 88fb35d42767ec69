/** @jest-environment <rootDir>/test/onnx-environment.mjs */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadModel, type Model } from '../../src/prediction/model.ts';
import { predict, readsOf } from '../../src/prediction/predict.ts';
import type { DailySummary } from '../../src/series/daily-summary.ts';

const date = (offset: number): string => new Date(Date.UTC(2025, 2, 31 + offset)).toISOString().slice(0, 10);
const AS_OF = date(0);
const month = (report: (offset: number) => DailySummary['selfReport']): readonly DailySummary[] =>
  Array.from({ length: 28 }, (_, i) => {
    const selfReport = report(-i);
    return { date: date(-i), ...(selfReport && { selfReport }) };
  });

describe('a prediction', () => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel('models/risk-prediction');
  });
  const probabilityOf = async (days: readonly DailySummary[]): Promise<number> => {
    const prediction = await predict(model, days, AS_OF);
    return prediction.kind === 'predicted' ? prediction.probability : Number.NaN;
  };

  test('a month of bad reports is a higher risk than a month of good ones', async () => {
    const good = await predict(
      model,
      month(() => ({ mood: 4, stress: 4 })),
      AS_OF,
    );
    const bad = await predict(
      model,
      month(() => ({ mood: 2, stress: 1 })),
      AS_OF,
    );
    expect(good).toMatchObject({ kind: 'predicted', band: 'low' });
    expect(bad).toMatchObject({ kind: 'predicted', band: 'high' });
  });

  test('one more difficult day never lowers the risk', async () => {
    const risks = [];
    for (let difficult = 0; difficult <= 7; difficult++)
      risks.push(await probabilityOf(month((offset) => ({ mood: 3, stress: -offset < difficult ? 2 : 3 }))));
    expect(risks).toEqual([...risks].sort((a, b) => a - b));
  });

  test('the future is not looked at, and the order of the days does not matter', async () => {
    const past = month((offset) => ({ mood: 3 + (offset % 2), stress: 3 }));
    const future = [1, 2, 3].map((offset) => ({ date: date(offset), selfReport: { mood: 1, stress: 1 } }));
    expect(await probabilityOf([...future, ...past].reverse())).toBe(await probabilityOf(past));
  });

  test('without any wearable data and with half of the reports missing there still is a probability', async () => {
    const sparse = month((offset) => (offset % 2 === 0 ? { stress: 3 } : undefined));
    const prediction = await predict(model, sparse, AS_OF);
    if (prediction.kind !== 'predicted') throw new Error('abstained');
    expect(prediction.probability).toBeGreaterThan(0);
    expect(prediction.contributions.find(({ definition }) => definition.name === 'mood.mean7')?.value).toBeNaN();
  });

  test('with wearable data alone the model abstains and says what is missing', async () => {
    const days = Array.from({ length: 28 }, (_, i) => ({ date: date(-i), sleepMinutes: 420, restingHeartRate: 60 }));
    expect(await predict(model, days, AS_OF)).toMatchObject({
      kind: 'abstained',
      unmet: [
        { days: 28, minimum: 7, found: 0 },
        { days: 7, minimum: 2, found: 0 },
      ],
    });
  });

  test('reports that stopped two weeks ago are not enough', async () => {
    const stopped = month((offset) => (offset < -13 ? { mood: 3, stress: 3 } : undefined));
    expect(await predict(model, stopped, AS_OF)).toMatchObject({ kind: 'abstained', unmet: [{ days: 7, found: 0 }] });
  });

  test('what the model reads is known, so that a basis can be cited', () => {
    expect(readsOf(model)).toEqual({ members: new Set(['selfReport']), days: 28 });
  });
});
