import { Problem } from '../fhir/problem.ts';
import { isObject } from '../fhir/resource.ts';
import { type Code, SLEEP_DURATION } from './codes.ts';
import { daysOf, type Window } from './local-time.ts';
import { sleepSpan, sleepStages } from './night.ts';
import { counts, effective, hasCode, type Recorded } from './recorded.ts';
import { decodeSampledData } from './sampled-data.ts';

const MINUTE = 60_000;
export const MINUTES_A_DAY = 1440;
/** Samples further apart say nothing of the minutes between them. */
const LONGEST_PERIOD = 60 * MINUTE;

/** Minute by minute from local midnight of the window's first day; NaN where nothing was recorded. */
export interface Timeline {
  readonly days: number;
  readonly minutes: Float64Array;
  /** Which of `references` each minute was read from; −1 for none. */
  readonly source: Int32Array;
  readonly references: readonly string[];
}

/**
 * Lays the SampledData of one code out by local minute; samples shorter than a minute are averaged, longer ones fill their
 * minutes. A recording keeps the offset with which it began: across a change of the clock its minutes go on as they were.
 * @throws Problem that names the recording whose SampledData is malformed.
 */
export const minuteTimeline = (recorded: readonly Recorded[], code: Code, window: Window): Timeline =>
  layOut(
    recorded.flatMap(({ resource, reference }) => {
      const when = effective(resource);
      const sampled = resource['valueSampledData'];
      if (!when || !counts(resource) || !hasCode(resource['code'], code) || !isObject(sampled)) return [];
      const samples = readable(reference, () =>
        decodeSampledData(sampled, when.start.instant, 'Observation.valueSampledData'),
      );
      return samples
        ? [{ reference, start: samples.start + when.start.offset, period: samples.period, values: samples.values }]
        : [];
    }),
    window,
  );

/** Asleep (1) or awake (0) by minute: from onset to offset of each sleep by its stages, awake between two sleeps less than a day apart. */
export function sleepTimeline(recorded: readonly Recorded[], window: Window): Timeline {
  const runs = recorded.flatMap(({ resource, reference }) => {
    const span = sleepSpan(resource);
    if (!span || !counts(resource) || !hasCode(resource['code'], SLEEP_DURATION)) return [];
    const stages = readable(reference, () => sleepStages(resource));
    const minutes = Math.round((span.end.instant - span.start.instant) / MINUTE);
    const values = stages
      ? stages.values.map((stage) => (Number.isNaN(stage) ? stage : stage === 0 ? 0 : 1))
      : new Float64Array(minutes).fill(1);
    return [{ reference, start: span.start.instant + span.start.offset, period: stages?.period ?? MINUTE, values }];
  });
  const timeline = layOut(runs, window);
  const { minutes, source } = timeline;
  let lastKnown = -1;
  for (let i = 0; i < minutes.length; i++) {
    if (Number.isNaN(minutes[i] ?? Number.NaN)) continue;
    // A gap within one night is a gap of the device, not a time awake.
    if (lastKnown >= 0 && i - lastKnown <= MINUTES_A_DAY && source[lastKnown] !== source[i])
      minutes.fill(0, lastKnown + 1, i);
    lastKnown = i;
  }
  return timeline;
}

/** The references that minutes from `from` to before `to` were read from. */
export function citedBetween({ source, references }: Timeline, from: number, to: number): ReadonlySet<string> {
  const cited = new Set<string>();
  for (let i = from, last = -1; i < to; i++) {
    const index = source[i] ?? -1;
    if (index !== last && references[index] !== undefined) cited.add(references[index]);
    last = index;
  }
  return cited;
}

/** Days on which anything was recorded. */
export function recordedDays({ source, days }: Timeline): number {
  let n = 0;
  for (let day = 0; day < days; day++)
    if (source.subarray(day * MINUTES_A_DAY, (day + 1) * MINUTES_A_DAY).some((index) => index >= 0)) n++;
  return n;
}

/** What is malformed in a stored recording is told with its reference. */
function readable<T>(reference: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem)
      throw new Problem('business-rule', `${reference} cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}

interface Run {
  readonly reference: string;
  /** Local milliseconds (UTC plus offset). */
  readonly start: number;
  readonly period: number;
  readonly values: Float64Array;
}

function layOut(runs: readonly Run[], window: Window): Timeline {
  const midnight = Date.parse(window.start);
  const days = daysOf(window);
  const minutes = new Float64Array(days * MINUTES_A_DAY).fill(Number.NaN);
  const source = new Int32Array(minutes.length).fill(-1);
  const samples = new Uint32Array(minutes.length);
  runs.forEach(({ start, period, values }, run) => {
    if (period > LONGEST_PERIOD) return;
    const first = Math.max(0, Math.floor((midnight - start) / period));
    for (let i = first; i < values.length; i++) {
      const value = values[i] ?? Number.NaN;
      const from = Math.floor((start + i * period - midnight) / MINUTE);
      if (from >= minutes.length) break;
      if (Number.isNaN(value)) continue;
      const to = Math.max(from + 1, Math.floor((start + (i + 1) * period - midnight) / MINUTE));
      for (let at = Math.max(from, 0); at < Math.min(to, minutes.length); at++) {
        // A later recording of the same minute replaces an earlier one; within a recording samples are averaged.
        const n = source[at] === run ? (samples[at] ?? 0) : 0;
        minutes[at] = n === 0 ? value : ((minutes[at] ?? 0) * n + value) / (n + 1);
        samples[at] = n + 1;
        source[at] = run;
      }
    }
  });
  return { days, minutes, source, references: runs.map(({ reference }) => reference) };
}
