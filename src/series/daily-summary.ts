/**
 * One local day of a person, as the series layer sums it up and as the twin and the model features read it.
 * A measure that was not recorded is absent: missing stays missing, never zero.
 */
export interface DailySummary {
  /** Local calendar date, `YYYY-MM-DD`. A night belongs to the day on which it ends. */
  readonly date: string;
  /** Main sleep of the night. Minutes. */
  readonly sleepMinutes?: number;
  readonly inBedMinutes?: number;
  readonly wakeAfterSleepOnsetMinutes?: number;
  readonly remMinutes?: number;
  readonly lightMinutes?: number;
  readonly deepMinutes?: number;
  /** Asleep ÷ in bed, 0–1. */
  readonly sleepEfficiency?: number;
  /** Minutes from local midnight of `date`; negative before midnight. */
  readonly sleepOnset?: number;
  readonly sleepOffset?: number;
  /** Beats a minute. */
  readonly restingHeartRate?: number;
  readonly heartRateMean?: number;
  readonly lightlyActiveMinutes?: number;
  readonly moderatelyActiveMinutes?: number;
  readonly veryActiveMinutes?: number;
  readonly sedentaryMinutes?: number;
  readonly steps?: number;
  /** Mean counts a minute over the minutes recorded, and the share of them that is zero. */
  readonly activityMean?: number;
  readonly activityZeroFraction?: number;
  /** Daily self-report, 1–5, 3 is normal, lower is worse (PMData's scale). */
  readonly selfReport?: {
    readonly mood?: number;
    readonly stress?: number;
    readonly fatigue?: number;
    readonly sleepQuality?: number;
    readonly soreness?: number;
    readonly readiness?: number;
  };
}
