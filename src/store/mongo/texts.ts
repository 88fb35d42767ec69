import type { FulltextValue } from '../../search/index-values.ts';
import type { Predicate } from '../../search/query.ts';
import type { Hash } from './hashes.ts';

/**
 * Collection `texts`: each different text once, however many resources have it (the display texts of a code are those
 * of every measurement). Resources refer to it by a hashed form like a code's. A text nobody has any more may stay.
 */
export interface TextDocument {
  _id: number;
  /** Hashed words, each once. */
  words: number[];
  /** Hashed words in order, one space around each; two where texts do not touch. */
  line: string;
}

const SHORT = 36 ** 7;

const wordHash = (hash: Hash, word: string): number => hash(`word\u0001${word}`);
const short = (hash: Hash, word: string): string => (wordHash(hash, word) % SHORT).toString(36);

const known = new WeakMap<Hash, WeakMap<readonly string[], TextDocument>>();

/** The document of a text; the same array of words is looked at once. */
export function textDocument(hash: Hash, words: readonly string[]): TextDocument {
  let mine = known.get(hash);
  if (!mine) {
    mine = new WeakMap();
    known.set(hash, mine);
  }
  const before = mine.get(words);
  if (before) return before;
  const made = {
    _id: hash(`text\u0001${words.join(' ')}`),
    words: [...new Set(words.filter((w) => w !== '').map((w) => wordHash(hash, w)))],
    line: ` ${words.map((w) => (w === '' ? '' : short(hash, w))).join(' ')} `,
  };
  mine.set(words, made);
  return made;
}

/** The code by which a resource says that it has the text. */
export const textCode = (text: number): string => text.toString(36);

export const textsOf = (hash: Hash, values: readonly { readonly kind: string }[]): TextDocument[] =>
  values.filter((v): v is FulltextValue => v.kind === 'fulltext').map((v) => textDocument(hash, v.words));

/** A condition on texts in which the words stand one right after another. */
export const holdsPhrase = (hash: Hash, phrase: readonly string[]): Record<string, unknown> => ({
  words: { $all: [...new Set(phrase.map((w) => wordHash(hash, w)))] },
  ...(phrase.length > 1 && { line: { $regex: ` ${phrase.map((w) => short(hash, w)).join(' ')} ` } }),
});

/** Having one of these texts, said as a predicate that the store compiles. */
export const havingOne = (param: string, texts: readonly number[]): Predicate =>
  texts.length === 0
    ? { kind: 'none' }
    : {
        kind: 'or',
        of: texts.map((text) => ({ kind: 'token', param, match: { by: 'code', code: textCode(text) } })),
      };
