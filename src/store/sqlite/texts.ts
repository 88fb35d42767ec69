import type { FulltextValue } from '../../search/index-values.ts';
import { type Hash, hashed } from './hash.ts';

type Row = readonly [doc: number, sequence: string];

// Equal texts of devices come as one array (search/content.ts); by type, since words are hashed with it.
const rows = new WeakMap<Hash, WeakMap<readonly string[], Map<string, Row>>>();

/** Stands between texts that do not touch: no word's hash has it. */
const GAP = '-';

/** The text as a row of `text`: its number, and its words in order as hashes, each with a space before and after. */
export function textRow(type: string, { param, words }: FulltextValue, hash: Hash): Row {
  const mine = rows.get(hash) ?? new WeakMap<readonly string[], Map<string, Row>>();
  rows.set(hash, mine);
  const known = mine.get(words) ?? new Map<string, Row>();
  mine.set(words, known);
  const place = `${type} ${param}`;
  const before = known.get(place);
  if (before) return before;
  const sequence = ` ${words.map((word) => (word === '' ? GAP : written(wordHash(type, param, word, hash)))).join(' ')} `;
  const row: Row = [hash.text(sequence), sequence];
  known.set(place, row);
  return row;
}

export const wordHash = (type: string, param: string, word: string, hash: Hash): number =>
  hash(hashed.word(type, param, word));

const written = (word: number): string => word.toString(36);

/** What the sequence of a text holds where the phrase is said. */
export const phraseOf = (words: readonly number[]): string => ` ${words.map(written).join(' ')} `;

/** The different words of a sequence, as their hashes. */
export const wordsIn = (sequence: string): readonly number[] =>
  [...new Set(sequence.split(' '))].filter((it) => it !== '' && it !== GAP).map((it) => Number.parseInt(it, 36));
