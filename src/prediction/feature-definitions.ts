import { z } from 'zod';

const measure = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('value'), path: z.string(), label: z.string(), unit: z.string() }),
  z.object({
    kind: z.literal('sum'),
    paths: z.array(z.string()).min(1),
    wornWhenAnyAboveZero: z.array(z.string()).min(1),
    label: z.string(),
    unit: z.string(),
  }),
  z.object({
    kind: z.literal('anyAtMost'),
    paths: z.array(z.string()).min(1),
    atMost: z.number(),
    label: z.string(),
    unit: z.string(),
  }),
]);

const windowed = {
  name: z.string(),
  measure: z.string(),
  days: z.int().positive(),
  minimum: z.int().positive(),
  group: z.string(),
};
const feature = z.discriminatedUnion('statistic', [
  z.object({ ...windowed, statistic: z.enum(['last', 'mean', 'sd', 'trend']) }),
  z.object({
    ...windowed,
    statistic: z.literal('deviation'),
    baselineDays: z.int().positive(),
    baselineMinimum: z.int().min(2),
  }),
]);

/** The file features.json of a model: the one list of features, read by its training and by features.ts. */
export const featureDefinitions = z
  .object({
    measures: z.record(z.string(), measure),
    features: z.array(feature).min(1),
    /** Measured in training and left out of the model. */
    considered: z.array(feature),
  })
  .superRefine(({ measures, features, considered }, context) => {
    for (const { name, measure } of [...features, ...considered])
      if (!(measure in measures)) context.addIssue(`feature ${name} reads a measure that is not defined: ${measure}`);
  });

export type FeatureDefinitions = z.infer<typeof featureDefinitions>;
/** What is read of one day: a value of the daily summary, or made of several. */
export type MeasureDefinition = z.infer<typeof measure>;
/** A statistic of one measure over the days up to a day. */
export type FeatureDefinition = z.infer<typeof feature>;
