import type { LanguageModel } from '../../src/language-model/client.ts';
import { ground } from '../../src/language-model/grounding.ts';
import type { NoteFact } from './note-facts.ts';

export interface Draft {
  readonly text: string;
  readonly drafter: 'deterministic' | 'language-model';
  /** Who wrote it and what was taken out, for DocumentReference.description. */
  readonly account: string;
}

/** Says each fact under its heading with its citation. Says nothing else. `instead` tells why no model wrote it. Pure. */
export function draftDeterministically(facts: readonly NoteFact[], instead?: string): Draft {
  const text = headingsOf(facts)
    .map(
      (heading) =>
        `${heading}\n${facts
          .filter((fact) => fact.heading === heading)
          .map((fact) => `${fact.text.replace(/\.$/, '')} [${fact.number}].`)
          .join('\n')}`,
    )
    .join('\n\n');
  const account = 'Drafted by the built-in deterministic drafter.';
  return { text, drafter: 'deterministic', account: instead === undefined ? account : `${account} ${instead}` };
}

const headingsOf = (facts: readonly NoteFact[]): readonly string[] => [...new Set(facts.map(({ heading }) => heading))];

const INSTRUCTIONS = [
  'You draft a psychiatric progress note for a clinician to review. You are given numbered facts, each with its heading in parentheses, and nothing else.',
  'Write short plain sentences in the words of the facts, under their headings, each heading on a line of its own. End every sentence with the numbers of the facts it rests on in square brackets, before the full stop: "Sleep averaged 401 min [3]."',
  'Use numbers exactly as given, with their signs. State no diagnosis, no cause, no advice and nothing that the facts do not say. Mention alerts first.',
].join('\n');

/**
 * Has a language model write the note from facts stripped of identifying words, and keeps what its citations support.
 * Undefined where nothing of it is supported. @throws Problem `unavailable` where the model cannot be asked.
 */
export async function draftByModel(
  model: LanguageModel,
  facts: readonly NoteFact[],
  strip: (text: string) => string,
): Promise<Draft | undefined> {
  const known = facts.map((fact) => ({ ...fact, text: strip(fact.text) }));
  const prompt = known.map(({ number, heading, text }) => `[${number}] (${heading}) ${text}`).join('\n');
  const { text, removed } = ground(await model.complete('note', INSTRUCTIONS, prompt), known, headingsOf(facts));
  if (!/\[\d/.test(text)) return undefined;
  const account = `Drafted by the language model ${model.modelFor('note')}. Sentences removed because no source supports them: ${removed.length}.`;
  return { text, drafter: 'language-model', account };
}
