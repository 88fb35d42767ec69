const WORD = /[\p{L}\p{N}]+/gu;
const COMBINING = /\p{M}+/gu;
const LONGEST = 40;
/** Longer numbers are measurements, dates and ids: found by their own parameters, and as many as there are resources. */
const MOST_DIGITS = 4;

/**
 * The words of a text in order, as full-text search sees them: no case, no accents, split at whatever is neither letter
 * nor digit; without words of more than four digits or forty characters.
 */
export const wordsOf = (text: string): readonly string[] => {
  const plain = text.normalize('NFKD').replace(COMBINING, '').toLowerCase().replaceAll('ß', 'ss');
  return (plain.match(WORD) ?? []).filter((word) => word.length <= LONGEST && digits(word) <= MOST_DIGITS);
};

const digits = (word: string): number => word.match(/\p{N}/gu)?.length ?? 0;
