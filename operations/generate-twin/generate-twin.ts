import { dateInterval, instantText } from '../../src/fhir/period.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import { commitPlan } from '../../src/interactions/commit.ts';
import { permitted } from '../../src/interactions/permission.ts';
import { readable } from '../../src/interactions/visible.ts';
import { writtenAnswer } from '../../src/interactions/written-answer.ts';
import { operation } from '../../src/operation/operation.ts';
import { addDays } from '../../src/series/local-time.ts';
import { definition } from './definition.ts';
import { figuresOf } from './figures.ts';
import { planTwin } from './plan.ts';
import { lastDay, recordings } from './recordings.ts';

/** Before it there were no wearables, and far before it no four-digit years. */
const EARLIEST_DAY = '1900-01-01';

/** `$generate-twin`: what is recorded of a patient, summed up as a versioned Composition of cited figures. */
export default operation(definition, async (call): Promise<Answer> => {
  if (call.target.level !== 'instance') throw new Problem('not-supported', '$generate-twin is called on one Patient');
  const patient = call.target.key.id;
  permitted(call.caller, 'u', 'Composition');
  permitted(call.caller, 'u', 'Observation');
  await readable(call, call.target.key);
  const { days = 28, end } = call.input;
  if (days < 7 || days > 366) throw wrong(`days is ${days}; a twin covers 7 to 366 days`);
  // East of Greenwich the patient's day may be ahead of ours.
  const tomorrow = addDays(instantText(call.world.now()).slice(0, 10), 1);
  if (end !== undefined) refuseDay(end, tomorrow);

  const last = end ?? (await lastDay(call, patient, tomorrow)) ?? addDays(tomorrow, -1);
  const window = { start: addDays(last, 1 - days), end: last };
  const figures = figuresOf(await recordings(call, patient, window), window);
  if (figures.length === 0)
    throw new Problem(
      'business-rule',
      `Between ${window.start} and ${window.end} there are not enough recordings of Patient/${patient} for any figure: post wearable Observations or questionnaires first`,
    );

  const { plan, result } = await commitPlan(call, () => planTwin(call, patient, figures, window));
  const [written] = result.kind === 'committed' ? result.written : [];
  if (!written) throw new Problem('unexpected', 'The twin was not committed');
  return writtenAnswer(call.world, plan.composition, written, call.preferences);
});

function refuseDay(end: string, tomorrow: string): void {
  if (end.length !== 10 || dateInterval(end) === undefined || end < EARLIEST_DAY)
    throw wrong(`end is ${end}; a whole date after ${EARLIEST_DAY} is needed, such as ${tomorrow}`);
  if (end > tomorrow) throw wrong(`end is ${end}; nothing is recorded of the future`);
}

const wrong = (why: string): Problem => new Problem('invalid', why, { expression: ['Parameters.parameter'] });
