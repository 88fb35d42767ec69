const PLAIN = /^[a-z0-9]+(?: [a-z0-9]+)*$/;
const COMBINING = /\p{M}+/gu;
/** Symbols stay: `+` and `<` tell things apart in clinical text, punctuation does not. */
const PUNCTUATION = /\p{P}+/gu;
const SPACE = /\s+/gu;

/**
 * Text as string search sees it: no case, no accents, no punctuation, white space collapsed (search.html#string).
 * Text of punctuation alone is kept, so that searching for it does not match everything.
 */
export const fold = (text: string): string => {
  if (PLAIN.test(text)) return text;
  const plain = text.normalize('NFKD').replace(COMBINING, '').toLowerCase().replaceAll('ß', 'ss');
  const bare = plain.replace(PUNCTUATION, '').replace(SPACE, ' ').trim();
  return bare === '' ? plain.replace(SPACE, ' ').trim() : bare;
};
