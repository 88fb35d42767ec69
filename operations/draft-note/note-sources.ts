import { isObject, type JsonObject, listOf, type Resource } from '../../src/fhir/resource.ts';
import { newest, patientRecord } from '../../src/interactions/patient-record.ts';
import type { OperationCall } from '../../src/operation/operation.ts';
import { and, type Predicate } from '../../src/search/query.ts';
import { TWIN_FIGURE } from '../../src/series/codes.ts';
import type { Recorded } from '../../src/series/recorded.ts';

/** What a note is drafted from. */
export interface NoteSources {
  /** Figures of the current twin (Observations). */
  readonly figures: readonly Recorded[];
  /** The days that the twin covers. */
  readonly period: JsonObject | undefined;
  /** The latest one that holds. */
  readonly risks: readonly Recorded[];
  /** Open ones, newest first. */
  readonly alerts: readonly Recorded[];
}

const MOST_ALERTS = 5;
const token = (param: string, code: string, system?: string): Predicate => ({
  kind: 'token',
  param,
  match: { by: 'code', code, ...(system !== undefined && { system }) },
});

/** What the caller may see of it. */
export async function noteSources(call: OperationCall<unknown>, patient: string): Promise<NoteSources> {
  const [[twin], risks, alerts] = await Promise.all([
    newest(call, patient, 'Composition', token('type', 'digital-twin', TWIN_FIGURE), 1),
    newest(call, patient, 'RiskAssessment', { kind: 'not', of: token('status', 'entered-in-error') }, 1),
    newest(
      call,
      patient,
      'Communication',
      and(token('category', 'alert'), token('status', 'in-progress')),
      MOST_ALERTS,
    ),
  ]);
  const ids = twin ? figureIds(twin.resource) : [];
  const figures =
    ids.length === 0 ? [] : await patientRecord(call.world, call.caller, patient, 'Observation', { kind: 'id', ids });
  const event = twin && listOf(twin.resource['event']).find(isObject);
  return { figures, period: isObject(event?.['period']) ? event['period'] : undefined, risks, alerts };
}

/** Only what the twin holds now: a figure that it no longer has is not said of the present. */
const figureIds = (twin: Resource): readonly string[] =>
  listOf(twin['section'])
    .flatMap((section) => (isObject(section) ? listOf(section['entry']) : []))
    .flatMap((entry) => {
      const id = isObject(entry)
        ? /^Observation\/([A-Za-z0-9\-.]{1,64})$/.exec(String(entry['reference']))?.[1]
        : undefined;
      return id === undefined ? [] : [id];
    });
