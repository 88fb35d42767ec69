import type { Resource } from '../fhir/resource.ts';
import {
  ACTIVE_MINUTES,
  ACTIVITY_COUNT,
  type Code,
  DAILY_WELLNESS_QUESTIONNAIRE,
  HEART_RATE,
  LIGHTLY_ACTIVE_MINUTES,
  MODERATELY_ACTIVE_MINUTES,
  RESTING_HEART_RATE,
  SEDENTARY_MINUTES,
  SLEEP_DURATION,
  STEPS,
  VERY_ACTIVE_MINUTES,
} from './codes.ts';
import type { DailySummary } from './daily-summary.ts';
import { addDays, type Window, within } from './local-time.ts';
import { night } from './night.ts';
import { answered, numericAnswers } from './questionnaire-answers.ts';
import { component, countOf, counts, effective, hasCode, minutesOf, perMinuteOf, type Recorded } from './recorded.ts';
import { mean } from './statistics.ts';
import { citedBetween, MINUTES_A_DAY, minuteTimeline } from './timeline.ts';

export type Measure = Exclude<keyof DailySummary, 'date'>;

/** A day with what each of its measures was read from. */
export interface CitedDay {
  readonly summary: DailySummary;
  readonly cites: ReadonlyMap<Measure, ReadonlySet<string>>;
}

/** What something says of one day, with what it was read from. */
interface Part {
  readonly summary: DailySummary;
  readonly cites: ReadonlySet<string>;
}

/**
 * Sums Observations and daily self-reports up by local day of the window, oldest first; a day without any measure is not in
 * the list. Of several sleeps that end on one day the longest is the night; of several recordings of another measure the
 * later in the list holds; series are laid out by minute first, so that a day may come in any number of pieces.
 * @throws Problem that names the recording whose SampledData is malformed.
 */
export function dailySummaries(recorded: readonly Recorded[], window: Window): readonly CitedDay[] {
  const nights = new Map<string, Part>();
  const parts: Part[] = [];
  for (const { resource, reference } of recorded) {
    const summary = measures(resource);
    if (!summary || !within(summary.date, window)) continue;
    const part = { summary, cites: new Set([reference]) };
    if (!hasCode(resource['code'], SLEEP_DURATION)) parts.push(part);
    else if (length(summary) >= length(nights.get(summary.date)?.summary)) nights.set(summary.date, part);
  }
  const days = new Map<string, CitedDay>();
  for (const { summary, cites } of [...parts, ...nights.values(), ...sampledDays(recorded, window)]) {
    const measured = (Object.keys(summary) as (keyof DailySummary)[]).filter((key) => key !== 'date');
    if (measured.length === 0) continue;
    const day = days.get(summary.date);
    days.set(summary.date, {
      summary: { ...day?.summary, ...summary },
      cites: new Map([...(day?.cites ?? []), ...measured.map((measure) => [measure, cites] as const)]),
    });
  }
  return [...days.values()].sort((a, b) => (a.summary.date < b.summary.date ? -1 : 1));
}

const length = (sleep: DailySummary | undefined): number => sleep?.sleepMinutes ?? sleep?.inBedMinutes ?? 0;

/** What one resource says of one day. */
function measures(resource: Resource): DailySummary | undefined {
  if (resource.resourceType === 'QuestionnaireResponse') return selfReport(resource);
  if (resource.resourceType !== 'Observation' || !counts(resource)) return undefined;
  const when = effective(resource);
  if (!when) return undefined;
  const is = (code: Code): boolean => hasCode(resource['code'], code);
  if (is(SLEEP_DURATION)) return night(resource);
  if (is(RESTING_HEART_RATE)) return one(when.date, 'restingHeartRate', perMinuteOf(resource));
  if (is(STEPS)) return one(when.date, 'steps', countOf(resource));
  if (is(ACTIVE_MINUTES)) return activeMinutes(resource, when.date);
  return undefined;
}

const one = (date: string, measure: Measure, value: number | undefined): DailySummary | undefined =>
  value === undefined ? undefined : { date, [measure]: value };

/** What series of heart rate and activity say of each day, over the minutes that were recorded. */
const sampledDays = (recorded: readonly Recorded[], window: Window): readonly Part[] => [
  ...byDay(recorded, HEART_RATE, window, (minutes) => ({ heartRateMean: mean(minutes) })),
  ...byDay(recorded, ACTIVITY_COUNT, window, (minutes) => ({
    activityMean: mean(minutes),
    activityZeroFraction: minutes.filter((value) => value === 0).length / minutes.length,
  })),
];

function* byDay(
  recorded: readonly Recorded[],
  code: Code,
  window: Window,
  read: (known: Float64Array) => Omit<DailySummary, 'date'>,
): Generator<Part> {
  const timeline = minuteTimeline(recorded, code, window);
  for (let day = 0; day < timeline.days; day++) {
    const [from, to] = [day * MINUTES_A_DAY, (day + 1) * MINUTES_A_DAY];
    const known = timeline.minutes.subarray(from, to).filter((value) => !Number.isNaN(value));
    if (known.length === 0) continue;
    yield { summary: { date: addDays(window.start, day), ...read(known) }, cites: citedBetween(timeline, from, to) };
  }
}

function activeMinutes(observation: Resource, date: string): DailySummary {
  const part = {
    lightlyActiveMinutes: LIGHTLY_ACTIVE_MINUTES,
    moderatelyActiveMinutes: MODERATELY_ACTIVE_MINUTES,
    veryActiveMinutes: VERY_ACTIVE_MINUTES,
    sedentaryMinutes: SEDENTARY_MINUTES,
  };
  const known = Object.entries(part).flatMap(([measure, code]) => {
    const minutes = minutesOf(component(observation, code));
    return minutes === undefined ? [] : [[measure, minutes] as const];
  });
  return { date, ...Object.fromEntries(known) };
}

const SELF_REPORT = {
  mood: 'mood',
  stress: 'stress',
  fatigue: 'fatigue',
  'sleep-quality': 'sleepQuality',
  soreness: 'soreness',
  readiness: 'readiness',
};

function selfReport(response: Resource): DailySummary | undefined {
  const questionnaire =
    typeof response['questionnaire'] === 'string' ? response['questionnaire'].split('|')[0] : undefined;
  const authored = response['authored'];
  if (questionnaire !== DAILY_WELLNESS_QUESTIONNAIRE || typeof authored !== 'string' || !answered(response))
    return undefined;
  const answers = numericAnswers(response);
  const known = Object.entries(SELF_REPORT).flatMap(([linkId, member]) => {
    const value = answers.get(linkId);
    return value === undefined ? [] : [[member, value] as const];
  });
  return known.length === 0 ? undefined : { date: authored.slice(0, 10), selfReport: Object.fromEntries(known) };
}
