import { parseJson } from '../../src/fhir/json.ts';
import { instantText } from '../../src/fhir/period.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isResource } from '../../src/fhir/resource.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import { commitPlan } from '../../src/interactions/commit.ts';
import { makeDraft } from '../../src/interactions/draft.ts';
import { permitted } from '../../src/interactions/permission.ts';
import { planCreate } from '../../src/interactions/plan-create.ts';
import { SOFTWARE_DEVICE } from '../../src/interactions/software-device.ts';
import { readable } from '../../src/interactions/visible.ts';
import { writtenAnswer } from '../../src/interactions/written-answer.ts';
import type { LanguageModel } from '../../src/language-model/client.ts';
import { deIdentifier } from '../../src/language-model/de-identify.ts';
import { operation, type OperationCall } from '../../src/operation/operation.ts';
import { definition } from './definition.ts';
import { noteDocument } from './document.ts';
import { type Draft, draftByModel, draftDeterministically } from './drafters.ts';
import { type NoteFact, noteFacts } from './note-facts.ts';
import { noteSources } from './note-sources.ts';

/** `$draft-note`, with the language model where one is configured. */
export const draftNote = (model: LanguageModel | undefined, sanitizePhi = true) =>
  operation(definition, async (call): Promise<Answer> => {
    if (call.target.level !== 'instance') throw new Problem('not-supported', '$draft-note is called on one Patient');
    const { world, target } = call;
    const patient = target.key.id;
    permitted(call.caller, 'c', 'DocumentReference');
    const stored = await readable(call, target.key);
    const sources = await noteSources(call, patient);
    const facts = noteFacts(sources);
    if (facts.length === 0)
      throw new Problem(
        'business-rule',
        `Nothing is known of Patient/${patient} that a note could say: run $generate-twin or $predict first`,
      );
    const demographics = parseJson(stored.body);
    const strip = sanitizePhi
      ? deIdentifier(isResource(demographics) ? demographics : { resourceType: 'Patient' })
      : (text: string) => text;
    const draft = model ? await byModel(call, model, facts, strip) : draftDeterministically(facts);
    const document = noteDocument(patient, draft, facts, {
      author: `Device/${SOFTWARE_DEVICE.id}`,
      date: instantText(world.now()),
      period: sources.period,
    });
    const id = world.newId();
    const { plan, result } = await commitPlan(call, async () => {
      const created = await planCreate(call, document, { id });
      const device = makeDraft(world, SOFTWARE_DEVICE, SOFTWARE_DEVICE.id);
      return {
        ...created,
        changes: [
          ...created.changes,
          { kind: 'put', method: 'PUT', drafted: device, expect: { kind: 'any' } } as const,
        ],
      };
    });
    const [written] = result.kind === 'committed' ? result.written : [];
    if (!written || !plan.change) throw new Problem('unexpected', 'The note was not committed');
    return writtenAnswer(world, plan.change.drafted.draft, written, call.preferences);
  });

/** A model that cannot be reached, or says nothing that is supported, does not keep a clinician from a note. */
async function byModel(
  call: OperationCall<unknown>,
  model: LanguageModel,
  facts: readonly NoteFact[],
  strip: (text: string) => string,
): Promise<Draft> {
  try {
    const drafted = await draftByModel(model, facts, strip);
    return drafted ?? draftDeterministically(facts, 'Nothing that the language model wrote was supported by a source.');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    call.world.log.warn({ reason: error.message }, 'note drafted without the language model');
    return draftDeterministically(facts, 'The language model could not be asked.');
  }
}
