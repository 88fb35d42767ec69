/** Parts of the twin, in the order in which a reader meets them. */
export const SECTIONS = {
  sleep: 'Sleep',
  rhythm: 'Rest–activity rhythm',
  heart: 'Heart',
  activity: 'Activity',
  'self-report': 'Daily self-report',
  questionnaire: 'Questionnaires',
} as const;
export type Section = keyof typeof SECTIONS;

/** One number of the twin: what it is, how it was made, how sure it is, and the versioned resources it was made from. */
export interface Figure {
  /** Code in CodeSystem/twin-figure. */
  readonly code: string;
  readonly display: string;
  readonly section: Section;
  readonly value: number;
  /** UCUM. */
  readonly unit: string;
  readonly decimals: number;
  /** Days, nights or answers that it rests on. */
  readonly n: number;
  /** Standard error of a mean, in the same unit. */
  readonly standardError?: number;
  readonly method: string;
  /** Versioned references, `Observation/x/_history/3`. */
  readonly cites: ReadonlySet<string>;
}
