import type { Measure } from '../../src/series/daily-summaries.ts';
import type { DailySummary } from '../../src/series/daily-summary.ts';
import type { Section } from './figure.ts';

/** A measure of the day that the twin keeps. */
export interface DailyMeasure {
  /** Code in CodeSystem/twin-figure; `-trend` and `-deviation` are made of it. */
  readonly code: string;
  readonly display: string;
  readonly section: Section;
  /** Members of the summary that it is read from, and whose sources it cites. */
  readonly from: readonly Measure[];
  readonly read: (day: DailySummary) => number | undefined;
  readonly unit: string;
  readonly decimals: number;
}

/** A measure that is one member of the summary, as it stands or times `factor`. */
const member = (
  section: Section,
  name: Exclude<Measure, 'selfReport'>,
  code: string,
  display: string,
  unit: string,
  decimals: number,
  factor = 1,
): DailyMeasure => ({
  code,
  display,
  section,
  from: [name],
  read: (day) => {
    const value = day[name];
    return value === undefined ? undefined : value * factor;
  },
  unit,
  decimals,
});

const reported = (name: 'mood' | 'stress' | 'fatigue', display: string): DailyMeasure => ({
  code: name,
  display: `${display} (1–5, 3 normal, lower is worse)`,
  section: 'self-report',
  from: ['selfReport'],
  read: (day) => day.selfReport?.[name],
  unit: '{score}',
  decimals: 2,
});

export const DAILY_MEASURES: readonly DailyMeasure[] = [
  member('sleep', 'sleepMinutes', 'sleep-duration', 'Sleep duration', 'min', 0),
  member('sleep', 'sleepEfficiency', 'sleep-efficiency', 'Sleep efficiency', '%', 1, 100),
  member('sleep', 'wakeAfterSleepOnsetMinutes', 'wake-after-sleep-onset', 'Wake after sleep onset', 'min', 0),
  member('sleep', 'remMinutes', 'rem-sleep', 'REM sleep', 'min', 0),
  member('sleep', 'deepMinutes', 'deep-sleep', 'Deep sleep', 'min', 0),
  member('sleep', 'sleepOnset', 'sleep-onset', 'Sleep onset, from midnight', 'min', 0),
  member('heart', 'restingHeartRate', 'resting-heart-rate', 'Resting heart rate', '/min', 1),
  member('heart', 'heartRateMean', 'heart-rate', 'Heart rate, daily mean', '/min', 1),
  {
    code: 'active-minutes',
    display: 'Moderately and very active minutes',
    section: 'activity',
    from: ['veryActiveMinutes', 'moderatelyActiveMinutes'],
    read: ({ veryActiveMinutes: very, moderatelyActiveMinutes: moderately }) =>
      very === undefined || moderately === undefined ? undefined : very + moderately,
    unit: 'min',
    decimals: 0,
  },
  member('activity', 'sedentaryMinutes', 'sedentary-minutes', 'Sedentary minutes', 'min', 0),
  member('activity', 'steps', 'steps', 'Steps', '{steps}', 0),
  member('activity', 'activityMean', 'activity-count', 'Activity counts a minute', '{counts}/min', 1),
  reported('mood', 'Mood'),
  reported('stress', 'Stress'),
  reported('fatigue', 'Fatigue'),
];
