const ALPHANUM = '[A-Za-z0-9]';
const LANGUAGE = '(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})';
const SCRIPT_REGION = '(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?';
const VARIANTS = `(?:-(?:${ALPHANUM}{5,8}|[0-9]${ALPHANUM}{3}))*`;
const EXTENSIONS = `(?:-[A-WYZa-wyz0-9](?:-${ALPHANUM}{2,8})+)*`;
const PRIVATE = `[xX](?:-${ALPHANUM}{1,8})+`;
const TAG = new RegExp(`^(?:${LANGUAGE}${SCRIPT_REGION}${VARIANTS}${EXTENSIONS}(?:-${PRIVATE})?|${PRIVATE})$`);
/** Registered before there was a grammar; the regular ones fit it. */
const IRREGULAR =
  /^(?:en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(?:be-fr|be-nl|ch-de))$/i;

/** The longest that is worth matching; real ones are a tenth of it. */
const LONGEST = 255;

/** Whether it is well-formed by BCP 47 (RFC 5646, 2.1). `Intl.getCanonicalLocales` refuses more: `zh-yue`, `i-klingon`, `x-own`. */
export const isLanguageTag = (text: string): boolean =>
  text.length <= LONGEST && (TAG.test(text) || IRREGULAR.test(text));
