/** Letters of a word that tell it from others, whatever its ending. */
const STEM = 5;
/** Of a sentence's own words, the share that must be the facts'. */
const SHARE = 0.5;

const stems = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).map((word) => word.slice(0, STEM)));

/** Words that say nothing by themselves. */
const NEUTRAL = stems(
  'patient their they with over from this that these were been have into about averaged mean recorded measured total score value days night week month during between time times reported answered shows current latest most recent period minutes hours past last against compared overall alert',
);
/** Words that claim something of their own: a direction, a cause, a diagnosis, a treatment, a danger. */
const CLAIMS = stems(
  'increased decreased rose fell rising falling improved worsened better worse higher lower elevated reduced because caused suggests indicates consistent likely unlikely diagnosis disorder depression depressed anxiety anxious mania manic psychosis psychotic delusion hallucination bipolar schizophrenia suicide suicidal harm danger violent relapse crisis overdose abuse medication dose prescribed treatment therapy hospital admitted emergency recommend should must',
);
const NEGATION = /\b(?:no|not|never|none|without|denies|denied|absent|normal|stable)\b|n['’]t\b/i;

/**
 * Whether a sentence speaks in the words of the facts that it cites: at least half of its own words are theirs, and every
 * word that claims something, negations too, stands in them. A test of words: it cannot see what they mean together. Pure.
 */
export function saysNoMore(sentence: string, facts: string): boolean {
  if (NEGATION.test(sentence) && !NEGATION.test(facts)) return false;
  const known = new Set(wordStems(facts));
  const own = wordStems(sentence).filter((stem) => !NEUTRAL.has(stem));
  if (own.some((stem) => CLAIMS.has(stem) && !known.has(stem))) return false;
  return own.filter((stem) => known.has(stem)).length >= own.length * SHARE;
}

const wordStems = (text: string): readonly string[] =>
  (text.toLowerCase().match(/\p{L}{4,}/gu) ?? []).map((word) => word.slice(0, STEM));
