import { Problem } from '../fhir/problem.ts';

/** The pairs of a query string or of a form body (application/x-www-form-urlencoded), decoded, in order. Throws Problem `invalid`. */
export function pairsOf(text: string): readonly (readonly [string, string])[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [decoded(name.replaceAll('+', ' ')), decoded(value.replaceAll('+', ' '))];
    });
}

/** A part of a URL without its escapes. Throws Problem `invalid` where one is malformed, or the bytes that they stand for are no UTF-8. */
export function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new Problem('invalid', 'There is a malformed % escape in the URL, form or criteria.', { cause });
  }
}
