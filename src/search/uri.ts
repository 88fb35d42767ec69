import { type Asked, refuse } from './asked.ts';
import type { Emit } from './emit.ts';
import { unescaped } from './escape.ts';
import { modifierOf } from './modifiers.ts';
import type { Predicate } from './query.ts';

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
