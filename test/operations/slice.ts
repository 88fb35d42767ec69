import { pathToFileURL } from 'node:url';
import { draftNote } from '../../operations/draft-note/draft-note.ts';
import generateTwin from '../../operations/generate-twin/generate-twin.ts';
import { loadDefinitions } from '../../src/compose.ts';
import { validator } from '../../src/conformance/validation/validator.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import type { World } from '../../src/interactions/context.ts';
import type { LanguageModel } from '../../src/language-model/client.ts';
import { served } from '../../src/operation/served.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { reactions } from '../../src/rules/react.ts';
import {
  ACTIVITY_COUNT,
  DAILY_WELLNESS_QUESTIONNAIRE,
  PHQ9_ITEMS,
  PHQ9_QUESTIONNAIRE,
  RESTING_HEART_RATE,
} from '../../src/series/codes.ts';
import { addDays } from '../../src/series/local-time.ts';
import { withSampledData } from '../../src/series/sampled-data-issues.ts';
import { type Living, living } from '../interactions/living.ts';
import { answers, measured, night, sampled } from '../series/recorded.ts';

const validate = validator(loadDefinitions('profiles'));
const rules = loadRules(pathToFileURL('profiles/plan-definitions/'));

/** A world as main.ts composes it, with profiles, rules, `$generate-twin` and `$draft-note`. */
export const slice = (changes: Partial<World> = {}, model?: LanguageModel): Promise<Living> =>
  living({
    validate: withSampledData(validate),
    react: (written) => reactions(rules, written),
    operations: [generateTwin, draftNote(model)].map(served),
    ...changes,
  });

/** Puts a resource; throws where the server does not take it. */
export async function put(it: Living, resource: Resource): Promise<void> {
  const { status, text } = await it.ask('PUT', `${resource.resourceType}/${resource.id}`, resource);
  if (status !== 200 && status !== 201) throw new Error(`${status} ${text}`);
}

export const of = (patient: string, resource: Resource): Resource => ({
  ...resource,
  id: `${patient}-${resource.id}`,
  subject: { reference: `Patient/${patient}` },
});

/**
 * Days that end on `last`, the k-th of them (from 0) with 400 + k minutes of sleep from 23:00 to 7:00, a resting rate of
 * 50 + k, a mood of 3, activity of 10 a minute by night and 100 by day; and one PHQ-9 of 9 on the last.
 */
export async function live(it: Living, patient: string, last: string, days: number): Promise<void> {
  await put(it, { resourceType: 'Patient', id: patient });
  for (let k = 0; k < days; k++) {
    const date = addDays(last, k + 1 - days);
    const activity = Array.from({ length: 1440 }, (_, minute) => (minute < 420 || minute >= 1380 ? 10 : 100)).join(' ');
    for (const resource of [
      night(`night-${k}`, `${addDays(date, -1)}T23:00:00Z`, `${date}T07:00:00Z`, 400 + k),
      measured(`resting-${k}`, RESTING_HEART_RATE, date, 50 + k, '/min'),
      sampled(`activity-${k}`, ACTIVITY_COUNT, `${date}T00:00:00Z`, activity),
      answers(`mood-${k}`, `${date}T20:00:00Z`, DAILY_WELLNESS_QUESTIONNAIRE, { mood: 3 }),
    ])
      await put(it, of(patient, resource));
  }
  const items = Object.fromEntries(PHQ9_ITEMS.map((code) => [code, 1]));
  await put(it, of(patient, answers('phq9', `${last}T20:00:00Z`, PHQ9_QUESTIONNAIRE, items)));
}
