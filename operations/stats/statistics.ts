import { mean, standardDeviation, variance } from '../../src/series/statistics.ts';

/** One measurement: its value, and its time in hours. */
export interface Sample {
  readonly value: number;
  readonly hours: number | undefined;
}
export interface Statistic {
  readonly display: string;
  /** What the result is in: the unit of the values, that squared, a bare number, or the unit an hour. */
  readonly in: 'unit' | 'square' | 'number' | 'per-hour';
  /** NaN where there is too little to say it. `total` counts Observations without a value too. */
  readonly of: (samples: readonly Sample[], total: number) => number;
}

const values = (samples: readonly Sample[]): readonly number[] => samples.map(({ value }) => value);

/** Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996). */
const quantile =
  (p: number) =>
  (samples: readonly Sample[]): number => {
    const sorted = [...values(samples)].sort((a, b) => a - b);
    const at = (sorted.length - 1) * p;
    const low = sorted[Math.floor(at)];
    const high = sorted[Math.ceil(at)];
    return low === undefined || high === undefined ? Number.NaN : low + (high - low) * (at - Math.floor(at));
  };

/** The k-th central moment. */
const moment = (samples: readonly Sample[], k: number): number => {
  const middle = mean(values(samples));
  return mean(samples.map(({ value }) => (value - middle) ** k));
};

/** Least-squares slope of value against time. */
const regression = (samples: readonly Sample[]): number => {
  const timed = samples.filter((it): it is Sample & { hours: number } => it.hours !== undefined);
  const [mx, my] = [mean(timed.map(({ hours }) => hours)), mean(values(timed))];
  let [xy, xx] = [0, 0];
  for (const { value, hours } of timed) {
    xy += (hours - mx) * (value - my);
    xx += (hours - mx) ** 2;
  }
  return xx === 0 ? Number.NaN : xy / xx;
};
const sum = (samples: readonly Sample[]): number => values(samples).reduce((total, value) => total + value, 0);

/** CodeSystem observation-statistics, whole. */
export const STATISTICS: Readonly<Record<string, Statistic>> = {
  average: { display: 'Average', in: 'unit', of: (samples) => mean(values(samples)) },
  maximum: { display: 'Maximum', in: 'unit', of: quantile(1) },
  minimum: { display: 'Minimum', in: 'unit', of: quantile(0) },
  count: { display: 'Count', in: 'number', of: (samples) => samples.length },
  'total-count': { display: 'Total Count', in: 'number', of: (_samples, total) => total },
  median: { display: 'Median', in: 'unit', of: quantile(0.5) },
  'std-dev': { display: 'Standard Deviation', in: 'unit', of: (samples) => standardDeviation(values(samples)) },
  sum: { display: 'Sum', in: 'unit', of: sum },
  variance: { display: 'Variance', in: 'square', of: (samples) => variance(values(samples)) },
  '20-percent': { display: '20th Percentile', in: 'unit', of: quantile(0.2) },
  '80-percent': { display: '80th Percentile', in: 'unit', of: quantile(0.8) },
  '4-lower': { display: 'Lower Quartile', in: 'unit', of: quantile(0.25) },
  '4-upper': { display: 'Upper Quartile', in: 'unit', of: quantile(0.75) },
  '4-dev': {
    display: 'Quartile Deviation',
    in: 'unit',
    of: (samples) => (quantile(0.75)(samples) - quantile(0.25)(samples)) / 2,
  },
  '5-1': { display: '1st Quintile', in: 'unit', of: quantile(0.2) },
  '5-2': { display: '2nd Quintile', in: 'unit', of: quantile(0.4) },
  '5-3': { display: '3rd Quintile', in: 'unit', of: quantile(0.6) },
  '5-4': { display: '4th Quintile', in: 'unit', of: quantile(0.8) },
  skew: { display: 'Skew', in: 'number', of: (samples) => moment(samples, 3) / moment(samples, 2) ** 1.5 },
  kurtosis: { display: 'Kurtosis', in: 'number', of: (samples) => moment(samples, 4) / moment(samples, 2) ** 2 - 3 },
  regression: { display: 'Regression', in: 'per-hour', of: regression },
};
