import { dateInterval, instantText } from '../../src/fhir/period.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import { commitPlan } from '../../src/interactions/commit.ts';
import { makeDraft } from '../../src/interactions/draft.ts';
import { patientRecord } from '../../src/interactions/patient-record.ts';
import { permitted } from '../../src/interactions/permission.ts';
import { planCreate } from '../../src/interactions/plan-create.ts';
import { SOFTWARE_DEVICE } from '../../src/interactions/software-device.ts';
import { readable } from '../../src/interactions/visible.ts';
import { writtenAnswer } from '../../src/interactions/written-answer.ts';
import { type Operation, operation, type OperationCall } from '../../src/operation/operation.ts';
import type { Model } from '../../src/prediction/model.ts';
import { predict, readsOf, type Unmet } from '../../src/prediction/predict.ts';
import type { DatePredicate } from '../../src/search/query.ts';
import { dailySummaries, type CitedDay } from '../../src/series/daily-summaries.ts';
import { addDays } from '../../src/series/local-time.ts';
import { definition } from './definition.ts';
import { riskAssessment } from './risk-assessment.ts';

/** Before it there were no wearables, and far before it no four-digit years. */
const EARLIEST_DAY = '1900-01-01';

/** `$predict` over the models that were loaded at the start; the first is the default. */
export const predictOperation = (models: readonly Model[]): Operation =>
  operation(definition, async (call): Promise<Answer> => {
    if (call.target.level !== 'instance') throw new Problem('not-supported', '$predict is called on one Patient');
    const model = chosen(models, call.input.model);
    const { key } = call.target;
    permitted(call.caller, 'c', 'RiskAssessment');
    await readable(call, key);

    const today = instantText(call.world.now()).slice(0, 10);
    const latest = call.input.asOf === undefined ? addDays(today, 1) : dayOf(call.input.asOf, today);
    const reads = readsOf(model);
    const days = await recordedDays(call, key.id, reads.members, addDays(latest, -reads.days), latest);
    // East of Greenwich the patient's day may be ahead of ours: what is recorded of it counts.
    const asOf = call.input.asOf === undefined && !days.some(({ summary }) => summary.date === latest) ? today : latest;
    const prediction = await predict(
      model,
      days.map(({ summary }) => summary),
      asOf,
    );
    if (prediction.kind === 'abstained') throw abstained(prediction.unmet, key.id, asOf);

    const assessment = riskAssessment(model, prediction, {
      patient: key.id,
      asOf,
      now: instantText(call.world.now()),
      basis: cited(days, reads.members, addDays(asOf, 1 - reads.days), asOf),
      performer: `Device/${SOFTWARE_DEVICE.id}`,
    });
    const { plan, result } = await commitPlan(call, async () => {
      const created = await planCreate(call, assessment);
      const drafted = makeDraft(call.world, SOFTWARE_DEVICE, SOFTWARE_DEVICE.id);
      const device = { kind: 'put', method: 'PUT', drafted, expect: { kind: 'any' } } as const;
      return { ...created, changes: [...created.changes, device] };
    });
    const written = result.kind === 'committed' ? result.written[0] : undefined;
    if (!written || !plan.change) throw new Problem('unexpected', 'The RiskAssessment was not committed');
    return writtenAnswer(call.world, plan.change.drafted.draft, written, call.preferences);
  });

function chosen(models: readonly Model[], name: string | undefined): Model {
  const found = name === undefined ? models[0] : models.find(({ manifest }) => manifest.name === name);
  if (found) return found;
  const known = models.map(({ manifest }) => manifest.name).join(', ');
  throw new Problem('invalid', `There is no model ${name ?? ''}; models here: ${known || 'none'}`, {
    expression: ['Parameters.parameter'],
  });
}

function dayOf(asOf: string, today: string): string {
  const wrong = (why: string) =>
    new Problem('invalid', `asOf is ${asOf}; ${why}`, { expression: ['Parameters.parameter'] });
  const day = asOf.slice(0, 10);
  if (day.length < 10 || dateInterval(asOf) === undefined || day < EARLIEST_DAY)
    throw wrong(`a whole date after ${EARLIEST_DAY} is needed, such as ${today}`);
  if (day > addDays(today, 1)) throw wrong('nothing is recorded of the future');
  return day;
}

/** What the caller may see of the patient, by local day; types that the model reads nothing of are not asked for. */
async function recordedDays(
  call: OperationCall<unknown>,
  patient: string,
  members: ReadonlySet<string>,
  first: string,
  last: string,
): Promise<readonly CitedDay[]> {
  // A day either side, for local days away from UTC.
  const range = { highAtLeast: Date.parse(addDays(first, -1)), lowAtMost: Date.parse(addDays(last, 2)) };
  const on = (param: string): DatePredicate => ({ kind: 'date', param, range });
  const record = (type: string, param: string) => patientRecord(call.world, call.caller, patient, type, on(param));
  const [observations, responses] = await Promise.all([
    [...members].some((member) => member !== 'selfReport') ? record('Observation', 'date') : [],
    members.has('selfReport') ? record('QuestionnaireResponse', 'authored') : [],
  ]);
  // Oldest first, so that of two recordings of one thing the newer one holds.
  return dailySummaries([...observations, ...responses].reverse(), { start: first, end: last });
}

/** Versioned references of the resources behind the members of the summaries in the window. */
function cited(days: readonly CitedDay[], members: ReadonlySet<string>, first: string, last: string): string[] {
  const basis = new Set<string>();
  for (const { summary, cites } of days)
    if (summary.date >= first && summary.date <= last)
      for (const [measure, references] of cites) if (members.has(measure)) for (const one of references) basis.add(one);
  return [...basis].sort();
}

/** No probability without data: each missing kind of data is one issue. */
function abstained(unmet: readonly Unmet[], patient: string, asOf: string): Problem {
  const issues = unmet.map(({ text, minimum, found }) => ({
    severity: 'error' as const,
    code: 'business-rule',
    diagnostics: `As of ${asOf} Patient/${patient} has ${found} ${text}; the model needs ${minimum}`,
  }));
  return new Problem('business-rule', issues[0]?.diagnostics ?? 'Too little data', { issues });
}
