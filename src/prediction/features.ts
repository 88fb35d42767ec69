import type { DailySummary } from '../series/daily-summary.ts';
import type { FeatureDefinition, FeatureDefinitions, MeasureDefinition } from './feature-definitions.ts';

const DAY = 86_400_000;
/** Rounding alone can leave a constant baseline a spread of 1e-17. */
const NO_SPREAD = 1e-9;

interface Point {
  /** Days from the asOf day: 0, −1, … */
  readonly offset: number;
  readonly value: number;
}
type Measures = FeatureDefinitions['measures'];

/**
 * The features of one person on one day, in the order of the definitions; NaN where too little was recorded.
 * Only days up to `asOf` (`YYYY-MM-DD`) are read. golden.json holds this equal to the model's training code.
 */
export function features(
  { measures }: Pick<FeatureDefinitions, 'measures'>,
  definitions: readonly FeatureDefinition[],
  days: readonly DailySummary[],
  asOf: string,
): readonly number[] {
  return definitions.map((definition) => featureValue(measures, definition, days, asOf));
}

/** The days of a window of `length` days that ends `ago` days before asOf and have the measure, oldest first. */
export function recordedIn(
  measure: MeasureDefinition | undefined,
  days: readonly DailySummary[],
  asOf: string,
  length: number,
  ago = 0,
): readonly Point[] {
  if (!measure) return [];
  const today = Date.parse(asOf);
  return days
    .flatMap((day) => {
      const offset = Math.round((Date.parse(day.date) - today) / DAY);
      const value = offset <= -ago && offset > -ago - length ? measureValue(day, measure) : undefined;
      return value === undefined ? [] : [{ offset, value }];
    })
    .sort((a, b) => a.offset - b.offset);
}

function featureValue(
  measures: Measures,
  definition: FeatureDefinition,
  days: readonly DailySummary[],
  asOf: string,
): number {
  const measure = measures[definition.measure];
  const points = recordedIn(measure, days, asOf, definition.days);
  if (points.length < definition.minimum) return Number.NaN;
  switch (definition.statistic) {
    case 'last':
      return points.at(-1)?.value ?? Number.NaN;
    case 'mean':
      return mean(points);
    case 'sd':
      return sd(points);
    case 'trend':
      return slope(points);
    case 'deviation': {
      const baseline = recordedIn(measure, days, asOf, definition.baselineDays, definition.days);
      const spread = baseline.length < definition.baselineMinimum ? 0 : sd(baseline);
      return spread > NO_SPREAD ? (mean(points) - mean(baseline)) / spread : Number.NaN;
    }
    default:
      return definition satisfies never;
  }
}

function measureValue(day: DailySummary, measure: MeasureDefinition): number | undefined {
  switch (measure.kind) {
    case 'value':
      return at(day, measure.path);
    case 'sum': {
      // A device that lies in a drawer counts no minute of activity.
      const worn = measure.wornWhenAnyAboveZero.some((path) => (at(day, path) ?? 0) > 0);
      const values = known(day, measure.paths);
      return worn && values.length === measure.paths.length ? total(values) : undefined;
    }
    case 'anyAtMost': {
      const values = known(day, measure.paths);
      return values.length === 0 ? undefined : Number(values.some((value) => value <= measure.atMost));
    }
    default:
      return measure satisfies never;
  }
}

/** The number at a dotted path of the summary, `selfReport.mood`. */
function at(day: DailySummary, path: string): number | undefined {
  let value: unknown = day;
  for (const member of path.split('.'))
    value = typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined;
  return typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
}
const known = (day: DailySummary, paths: readonly string[]): readonly number[] =>
  paths.map((path) => at(day, path)).filter((value) => value !== undefined);

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const mean = (points: readonly Point[]): number => total(points.map(({ value }) => value)) / points.length;

/** Sample standard deviation (n − 1). */
function sd(points: readonly Point[]): number {
  if (points.length < 2) return Number.NaN;
  const centre = mean(points);
  return Math.sqrt(total(points.map(({ value }) => (value - centre) ** 2)) / (points.length - 1));
}

/** Least squares, per day. */
function slope(points: readonly Point[]): number {
  const middle = total(points.map(({ offset }) => offset)) / points.length;
  const centre = mean(points);
  const spread = total(points.map(({ offset }) => (offset - middle) ** 2));
  return spread === 0
    ? Number.NaN
    : total(points.map(({ offset, value }) => (offset - middle) * (value - centre))) / spread;
}
