import { isObject, type Resource } from '../fhir/resource.ts';
import { DEEP_SLEEP, LIGHT_SLEEP, REM_SLEEP, SLEEP_STAGES, TIME_IN_BED, WAKE_AFTER_SLEEP_ONSET } from './codes.ts';
import type { DailySummary } from './daily-summary.ts';
import { localDate, minutesFromMidnight } from './local-time.ts';
import { component, type Effective, effective, minutesOf } from './recorded.ts';
import { decodeSampledData, type Samples } from './sampled-data.ts';

/** Longer than any sleep: an Observation that says so tells of something else. */
const LONGEST = 24 * 3_600_000;
/** Stage codes of the SLEEP_STAGES series. */
const STAGE = { wake: 0, light: 1, deep: 2, rem: 3 } as const;

/** The stages of a night, where the Observation carries them. @throws Problem where its SampledData is malformed. */
export function sleepStages(observation: Resource): Samples | undefined {
  const when = effective(observation);
  const sampled = component(observation, SLEEP_STAGES)?.['valueSampledData'];
  return when && isObject(sampled)
    ? decodeSampledData(sampled, when.start.instant, 'Observation.component.valueSampledData')
    : undefined;
}

/** From when to when a sleep lasted; undefined where no times of day are stated or they make no sleep. */
export function sleepSpan(observation: Resource): Required<Effective> | undefined {
  const when = effective(observation);
  if (!when?.end || !when.timed) return undefined;
  const duration = when.end.instant - when.start.instant;
  return duration > 0 && duration <= LONGEST ? { ...when, end: when.end } : undefined;
}

/** One Sleep-duration Observation as measures of the day on which the night ends. Stated durations go before counted stages. */
export function night(observation: Resource): DailySummary | undefined {
  const when = effective(observation);
  const span = sleepSpan(observation);
  // A sleep of which only the date is known counts for that date.
  if (!when || (!span && when.timed && when.end)) return undefined;
  const last = span?.end ?? when.end;
  const date = last ? localDate(last.instant, last.offset) : when.date;
  const stages = sleepStages(observation);
  const counted = (stage: number): number | undefined =>
    stages && (stages.values.reduce((n, value) => n + (value === stage ? 1 : 0), 0) * stages.period) / 60_000;
  const rem = minutesOf(component(observation, REM_SLEEP)) ?? counted(STAGE.rem);
  const light = minutesOf(component(observation, LIGHT_SLEEP)) ?? counted(STAGE.light);
  const deep = minutesOf(component(observation, DEEP_SLEEP)) ?? counted(STAGE.deep);
  const asleep =
    minutesOf(observation) ??
    (rem === undefined || light === undefined || deep === undefined ? undefined : rem + light + deep);
  const inBed =
    minutesOf(component(observation, TIME_IN_BED)) ?? (span && (span.end.instant - span.start.instant) / 60_000);
  const wake = minutesOf(component(observation, WAKE_AFTER_SLEEP_ONSET)) ?? counted(STAGE.wake);
  return {
    date,
    ...(inBed !== undefined && { inBedMinutes: inBed }),
    ...(span && {
      sleepOnset: minutesFromMidnight(date, span.start.instant, span.start.offset),
      sleepOffset: minutesFromMidnight(date, span.end.instant, span.end.offset),
    }),
    ...(asleep !== undefined && { sleepMinutes: asleep }),
    ...(asleep !== undefined && inBed !== undefined && inBed > 0 && { sleepEfficiency: Math.min(1, asleep / inBed) }),
    ...(rem !== undefined && { remMinutes: rem }),
    ...(light !== undefined && { lightMinutes: light }),
    ...(deep !== undefined && { deepMinutes: deep }),
    ...(wake !== undefined && { wakeAfterSleepOnsetMinutes: wake }),
  };
}
