import { saysNoMore } from './vocabulary.ts';

/** Something that a note may say, with the number by which it is cited. */
export interface Fact {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}
export interface Grounded {
  readonly text: string;
  /** Sentences that were taken out because nothing supports them. */
  readonly removed: readonly string[];
}

const CITATION = /\[(\d+(?:\s*,\s*\d+)*)\]/g;
/** With its sign; the hyphen of `PHQ-9` is none. */
const NUMBER = /(?<![\p{L}\d])[-−]?\d+(?:\.\d+)?|\d+(?:\.\d+)?/gu;

/**
 * Keeps of a draft what its citations support: a sentence must cite facts that exist, every number in it must stand in one
 * of them with the same sign, and its words must be theirs (vocabulary.ts). A line without a citation stays only where it
 * is one of the headings. What this cannot see: that true words are put together wrongly.
 */
export function ground(draft: string, facts: readonly Fact[], headings: Iterable<string>): Grounded {
  const byNumber = new Map(facts.map((fact) => [fact.number, fact.text]));
  const known = new Set([...headings].map(plainHeading));
  const removed: string[] = [];
  const lines = draft.split('\n').flatMap((line) => {
    if (line.trim() === '') return [''];
    if (known.has(plainHeading(line))) return [line.trim()];
    const kept = sentences(line).filter((sentence) => {
      if (supported(sentence, byNumber)) return true;
      removed.push(sentence.trim());
      return false;
    });
    return kept.length === 0 ? [] : [kept.join('').trim()];
  });
  return {
    text: withoutEmptySections(lines, known)
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    removed,
  };
}

/** A heading however a model dresses it: `## Sleep:`, `**Sleep**`. */
const plainHeading = (line: string): string =>
  line
    .replace(/[#*_:]/g, '')
    .trim()
    .toLowerCase();

/** A heading under which nothing is left goes with what it headed. */
const withoutEmptySections = (lines: readonly string[], headings: ReadonlySet<string>): readonly string[] =>
  lines.filter((line, i) => {
    if (line === '' || !headings.has(plainHeading(line))) return true;
    const next = lines.slice(i + 1).find((following) => following !== '');
    return next !== undefined && !headings.has(plainHeading(next));
  });

/** Sentences with the white space and citation that follow their full stop. */
const sentences = (line: string): readonly string[] =>
  line.match(/[^.!?]*(?:[.!?](?=\d)[^.!?]*)*(?:[.!?]+(?:\s*\[[\d,\s]+\])?\s*|$)/g)?.filter((part) => part !== '') ?? [];

function supported(sentence: string, facts: ReadonlyMap<number, string>): boolean {
  const cited = [...sentence.matchAll(CITATION)].flatMap((match) => (match[1] ?? '').split(',').map(Number));
  const texts = cited.map((number) => facts.get(number));
  if (cited.length === 0 || !texts.every((text) => text !== undefined)) return false;
  const said = sentence.replace(CITATION, '');
  const known = new Set(texts.flatMap(numbers));
  return numbers(said).every((number) => known.has(number)) && saysNoMore(said, texts.join(' '));
}

const numbers = (text: string): readonly number[] =>
  (text.match(NUMBER) ?? []).map((number) => Number(number.replace('−', '-')));
