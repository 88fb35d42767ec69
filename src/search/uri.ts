import { type Asked, refuse } from './asked.ts';
import type { Emit } from './emit.ts';
import { splitUnescaped, unescaped } from './escape.ts';
import { modifierOf } from './modifiers.ts';
import { and, type Predicate } from './query.ts';
import { textPredicate } from './token.ts';

const URI = new Set(['uri', 'url', 'canonical', 'oid', 'uuid', 'id', 'string']);

const put: Emit = (element, param, out) => {
  if (typeof element === 'string' && element !== '') out.push({ kind: 'uri', param, value: element });
};

/** Uris are matched as written, case and all (search.html#uri). */
export const uriEmit = (type: string): Emit | undefined => (URI.has(type) ? put : undefined);

/** Exact; `:below`: the value begins with what is asked; `:above`: what is asked begins with the value. */
export const uriPredicate = ({ param, modifier, value, name }: Asked): Predicate => {
  const text = unescaped(value);
  const match = modifierOf('uri', { modifier, name });
  if (match === undefined) return { kind: 'uri', param, match: 'exact', value: text };
  if (/^urn:/i.test(text)) return refuse(name, `:${match} applies to URLs, not to URNs such as '${text}'`);
  return { kind: 'uri', param, match, value: text };
};

/** `url|version` is the url in that version (search.html#uri). */
export const canonicalUrlPredicate = (asked: Asked): Predicate => {
  const [url = '', version, ...more] = splitUnescaped(asked.value, '|');
  if (asked.modifier !== undefined || version === undefined || version === '' || url === '' || more.length > 0)
    return uriPredicate(asked);
  return and(uriPredicate({ ...asked, value: url }), textPredicate({ ...asked, param: 'version', value: version }));
};
