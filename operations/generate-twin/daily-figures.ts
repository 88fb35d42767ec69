import type { CitedDay } from '../../src/series/daily-summaries.ts';
import { addDays } from '../../src/series/local-time.ts';
import { mean, slope, standardDeviation } from '../../src/series/statistics.ts';
import { DAILY_MEASURES, type DailyMeasure } from './daily-measures.ts';
import type { Figure } from './figure.ts';

/** Days of the present that are held against the person's own past. */
const RECENT = 7;
/** Fewer days of a measure than this make no mean worth citing. */
const FEWEST = 3;
/** Rounding alone can leave a constant past a spread of 1e-17. */
const NO_SPREAD = 1e-9;

/** A day on which the measure was recorded. */
interface Point {
  readonly date: string;
  readonly value: number;
  readonly cites: readonly string[];
}

/** Mean, trend and recent change of each daily measure that was recorded on enough days, oldest day first. */
export const dailyFigures = (days: readonly CitedDay[], lastDate: string): readonly Figure[] =>
  DAILY_MEASURES.flatMap((measure) => figuresOf(measure, pointsOf(measure, days), lastDate));

const pointsOf = ({ from, read }: DailyMeasure, days: readonly CitedDay[]): readonly Point[] =>
  days.flatMap(({ summary, cites }) => {
    const value = read(summary);
    return value === undefined
      ? []
      : [{ date: summary.date, value, cites: from.flatMap((member) => [...(cites.get(member) ?? [])]) }];
  });

function figuresOf(measure: DailyMeasure, points: readonly Point[], lastDate: string): readonly Figure[] {
  if (points.length < FEWEST) return [];
  const values = points.map(({ value }) => value);
  const { code, display, section, unit, decimals } = measure;
  const base = { section, unit, decimals, n: points.length, cites: new Set(points.flatMap(({ cites }) => cites)) };
  const sd = standardDeviation(values);
  const night = section === 'sleep' ? 'nights' : 'days';
  return [
    {
      ...base,
      code,
      display,
      value: mean(values),
      standardError: sd / Math.sqrt(points.length),
      method: `Mean of ${points.length} ${night}`,
    },
    ...(code === 'sleep-onset'
      ? [
          {
            ...base,
            code: 'sleep-onset-sd',
            display: 'Night-to-night spread of sleep onset',
            value: sd,
            method: 'Sample standard deviation over nights',
          },
        ]
      : []),
    ...(points.length < 2 * RECENT
      ? []
      : [
          {
            ...base,
            code: `${code}-trend`,
            display: `${display}: change a week`,
            decimals: decimals + 1,
            value: slope(onGrid(points)) * 7,
            method: 'Least-squares slope over the period, times seven',
          },
        ]),
    ...deviation(points, lastDate).map((change) => ({
      ...base,
      ...change,
      code: `${code}-deviation`,
      display: `${display}: last ${RECENT} days against own past`,
      unit: '{SD}',
      decimals: 2,
    })),
  ];
}

/** The recent days against the person's own past: absolute cuts mislead (Quer 2020). */
function deviation(points: readonly Point[], lastDate: string): readonly Pick<Figure, 'value' | 'method'>[] {
  const since = addDays(lastDate, 1 - RECENT);
  const past = points.filter(({ date }) => date < since).map(({ value }) => value);
  const recent = points.filter(({ date }) => date >= since).map(({ value }) => value);
  const spread = standardDeviation(past);
  if (past.length < RECENT || recent.length < FEWEST || !(spread > NO_SPREAD)) return [];
  const method = `Mean of ${recent.length} recent days minus mean of ${past.length} earlier days, in the standard deviations of the earlier days`;
  return [{ value: (mean(recent) - mean(past)) / spread, method }];
}

/** Values on a grid of days, NaN where there is none, so that gaps do not bend a trend. */
function onGrid(points: readonly Point[]): readonly number[] {
  const first = Date.parse(points[0]?.date ?? '');
  const grid: number[] = [];
  for (const { date, value } of points) {
    const at = Math.round((Date.parse(date) - first) / 86_400_000);
    while (grid.length < at) grid.push(Number.NaN);
    grid[at] = value;
  }
  return grid;
}
