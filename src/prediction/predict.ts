import type { DailySummary } from '../series/daily-summary.ts';
import { type Band, band, probability } from './calibration.ts';
import { contributions } from './explanation.ts';
import type { FeatureDefinition } from './feature-definitions.ts';
import { features, recordedIn } from './features.ts';
import type { Requirement } from './manifest.ts';
import type { Model } from './model.ts';

/** What a feature adds to the calibrated log-odds, measured from the manifest's reference. */
export interface Contribution {
  readonly definition: FeatureDefinition;
  /** Of the measure that the feature sums up. */
  readonly label: string;
  readonly unit: string;
  /** NaN where too little was recorded. */
  readonly value: number;
  readonly reference: number;
  readonly logOdds: number;
}
export interface Unmet extends Requirement {
  readonly found: number;
}

export type Prediction =
  | {
      readonly kind: 'predicted';
      /** 0–1, calibrated. */
      readonly probability: number;
      readonly band: Band;
      /** Largest effect first. */
      readonly contributions: readonly Contribution[];
    }
  /** Too little data for a probability that would mean anything. */
  | { readonly kind: 'abstained'; readonly unmet: readonly Unmet[] };

/** Predicts for one person from the days up to and including `asOf` (`YYYY-MM-DD`); later days are not looked at. */
export async function predict(model: Model, days: readonly DailySummary[], asOf: string): Promise<Prediction> {
  const { manifest, definitions, score } = model;
  const unmet = manifest.requirements
    .map((need) => ({ ...need, found: recordedIn(definitions.measures[need.measure], days, asOf, need.days).length }))
    .filter(({ found, minimum }) => found < minimum);
  if (unmet.length > 0) return { kind: 'abstained', unmet };

  const row = features(definitions, definitions.features, days, asOf);
  const explained = await contributions(score, row, manifest.reference.values);
  const value = probability(explained.margin, manifest.calibration);
  return {
    kind: 'predicted',
    probability: value,
    band: band(value, manifest.bands),
    contributions: definitions.features
      .map((definition, i) => ({
        definition,
        label: definitions.measures[definition.measure]?.label ?? definition.measure,
        unit: definitions.measures[definition.measure]?.unit ?? '',
        value: row[i] ?? Number.NaN,
        reference: manifest.reference.values[i] ?? Number.NaN,
        logOdds: manifest.calibration.slope * (explained.values[i] ?? 0),
      }))
      .sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds)),
  };
}

/** What the model reads: the top members of daily summaries, and how many days back. */
export function readsOf({ definitions }: Pick<Model, 'definitions'>): {
  readonly members: ReadonlySet<string>;
  readonly days: number;
} {
  const members = new Set<string>();
  let days = 1;
  for (const feature of definitions.features) {
    const measure = definitions.measures[feature.measure];
    const paths = measure?.kind === 'value' ? [measure.path] : (measure?.paths ?? []);
    for (const path of paths) members.add(path.split('.')[0] ?? path);
    days = Math.max(days, feature.days + (feature.statistic === 'deviation' ? feature.baselineDays : 0));
  }
  return { members, days };
}
