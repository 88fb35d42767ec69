import { Problem } from '../../problem.ts';

/** Characters of a FHIR string (datatypes.html#string): no function makes a longer text. */
const LONGEST_TEXT = 1_048_576;

/** @throws Problem `too-costly` where a text of that many characters would be made. */
export const checkLength = (characters: number): void => {
  if (characters > LONGEST_TEXT)
    throw new Problem('too-costly', `FHIRPath: a text of more than ${LONGEST_TEXT} characters would be made`);
};

/** The texts one after another, as long as that may be. Throws Problem `too-costly`. */
export const joined = (texts: readonly string[], between: string): string => {
  checkLength(texts.reduce((sum, text) => sum + text.length, between.length * Math.max(0, texts.length - 1)));
  return texts.join(between);
};
