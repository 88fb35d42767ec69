import { latest, patientRecord } from '../../src/interactions/patient-record.ts';
import type { OperationCall } from '../../src/operation/operation.ts';
import { and, type DatePredicate, or, type Predicate, type Range } from '../../src/search/query.ts';
import {
  ACTIVE_MINUTES,
  ACTIVITY_COUNT,
  HEART_RATE,
  RESTING_HEART_RATE,
  SLEEP_DURATION,
  STEPS,
} from '../../src/series/codes.ts';
import { addDays, type Window } from '../../src/series/local-time.ts';
import { lastDate, type Recorded } from '../../src/series/recorded.ts';

const token = (param: string, code: string, system?: string): Predicate => ({
  kind: 'token',
  param,
  match: { by: 'code', code, ...(system !== undefined && { system }) },
});
/** What figures are made from; a twin's own figures are Observations of the same days and are none of it. */
const MEASURED = or(
  ...[SLEEP_DURATION, RESTING_HEART_RATE, HEART_RATE, ACTIVE_MINUTES, STEPS, ACTIVITY_COUNT].map(({ system, code }) =>
    token('code', code, system),
  ),
);
const NOT_WITHDRAWN: Predicate = { kind: 'not', of: token('status', 'entered-in-error') };

/** What the caller may see of the patient in the window, oldest first, so that of two recordings of one thing the newer one holds. */
export async function recordings(call: OperationCall<unknown>, patient: string, window: Window) {
  // A day either side, for local days away from UTC.
  const range = { highAtLeast: Date.parse(addDays(window.start, -1)), lowAtMost: Date.parse(addDays(window.end, 2)) };
  const [observations, responses] = await Promise.all([
    patientRecord(call.world, call.caller, patient, 'Observation', and(MEASURED, on('date', range))),
    patientRecord(call.world, call.caller, patient, 'QuestionnaireResponse', on('authored', range)),
  ]);
  return [...observations, ...responses].reverse() satisfies readonly Recorded[];
}

/** The last day of which anything is recorded, `latestDay` at the most: a device's clock may be ahead by years. */
export async function lastDay(
  call: OperationCall<unknown>,
  patient: string,
  latestDay: string,
): Promise<string | undefined> {
  const past = { lowAtMost: Date.parse(addDays(latestDay, 1)) };
  const found = await Promise.all([
    latest(call, patient, 'Observation', 'date', and(MEASURED, NOT_WITHDRAWN, on('date', past))),
    latest(call, patient, 'QuestionnaireResponse', 'authored', and(NOT_WITHDRAWN, on('authored', past))),
  ]);
  const dates = found.flatMap((resource) => (resource && lastDate(resource)) ?? []).sort();
  const last = dates.at(-1);
  return last !== undefined && last > latestDay ? latestDay : last;
}

const on = (param: string, range: Range): DatePredicate => ({ kind: 'date', param, range });
