import type { Contribution, Prediction } from '../../src/prediction/predict.ts';

/** Contributions named; the rest is summed up. */
const NAMED = 4;
const STATISTIC = {
  last: () => 'on the last day',
  mean: (days: number) => `mean of ${days} days`,
  sd: (days: number) => `spread over ${days} days`,
  trend: (days: number) => `trend over ${days} days`,
  deviation: (days: number) => `last ${days} days against the time before, in standard deviations`,
} as const;

/** In words: what raised and what lowered the probability, and against what. */
export function rationale(prediction: Extract<Prediction, { kind: 'predicted' }>, asOf: string): string {
  const percent = (prediction.probability * 100).toFixed(0);
  const named = prediction.contributions.slice(0, NAMED).filter(({ logOdds }) => logOdds !== 0);
  const rest = prediction.contributions.slice(named.length).reduce((sum, { logOdds }) => sum + logOdds, 0);
  return [
    `As of ${asOf}: ${percent} % (${prediction.band}).`,
    'Contributions in log-odds, against the median of the training data (Shapley values):',
    `${named.map(phrase).join('; ')}; all else ${signed(rest)}.`,
  ].join(' ');
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

function phrase({ definition, label, value, reference, logOdds }: Contribution): string {
  const shown = Number.isNaN(value) ? 'not recorded' : value.toFixed(2);
  const what = `${label}, ${STATISTIC[definition.statistic](definition.days)}`;
  return `${what}: ${shown} (median ${reference.toFixed(2)}) ${signed(logOdds)}`;
}
