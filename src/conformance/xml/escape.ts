// \p{Cc} takes in U+007F to U+009F, which XML 1.0 permits: `escaped` leaves them.
const SPECIAL = /[&<>"\p{Cc}\ufffe\uffff]/u;
const EVERY_SPECIAL = /[&<>"\p{Cc}\ufffe\uffff]/gu;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Written as such in an attribute, a parser would make spaces of them (XML 1.0 §3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** A character that XML 1.0 has no way to write, as `U+0001`. */
export class UnwritableCharacter extends Error {
  override readonly name = 'UnwritableCharacter';
}

/** Text for an attribute value in double quotes. Throws UnwritableCharacter. */
export const escapeXml = (text: string): string => (SPECIAL.test(text) ? text.replace(EVERY_SPECIAL, escaped) : text);

const escaped = (character: string): string => {
  const text = ESCAPES[character];
  if (text !== undefined) return text;
  const code = character.charCodeAt(0);
  if (code >= 0x7f && code < 0xfffe) return character;
  throw new UnwritableCharacter(`U+${code.toString(16).padStart(4, '0').toUpperCase()}`);
};

/** Text between tags, white space as it is. */
export const escapeXmlText = (text: string): string =>
  text.replace(/[&<>\r]/g, (character) => ESCAPES[character] ?? character);
