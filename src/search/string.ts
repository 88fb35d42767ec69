import { isObject, type Json, listOf } from '../fhir/resource.ts';
import type { Emit } from './emit.ts';
import { fold } from './fold.ts';
import type { IndexValue } from './index-values.ts';
import { refuse, type Asked } from './asked.ts';
import { modifierOf } from './modifiers.ts';
import type { Predicate } from './query.ts';
import { unescaped } from './escape.ts';

const put = (element: Json | undefined, param: string, out: IndexValue[]): void => {
  if (typeof element === 'string' && element !== '')
    out.push({ kind: 'string', param, exact: element, folded: fold(element) });
};

const parts =
  (members: readonly string[]): Emit =>
  (element, param, out) => {
    if (!isObject(element)) return;
    for (const member of members) for (const part of listOf(element[member])) put(part, param, out);
  };

const NAME = parts(['family', 'given', 'prefix', 'suffix', 'text']);
const ADDRESS = parts(['line', 'city', 'district', 'state', 'country', 'postalCode', 'text']);
const TEXT = new Set(['string', 'markdown', 'code', 'uri', 'url', 'canonical', 'id', 'oid', 'uuid']);

/** HumanName and Address are found by each of their parts and by their text (search.html#string). */
export const stringEmit = (type: string): Emit | undefined =>
  type === 'HumanName' ? NAME : type === 'Address' ? ADDRESS : TEXT.has(type) ? put : undefined;

/** Starts with, by default, without case and accents; `:contains` anywhere; `:exact` as written. */
export const stringPredicate = ({ param, modifier, value, name }: Asked): Predicate => {
  const text = unescaped(value);
  const match = modifierOf('string', { modifier, name }) ?? 'starts';
  if (match === 'exact') return { kind: 'string', param, match, value: text };
  const folded = fold(text);
  if (folded === '') return refuse(name, 'white space alone cannot be searched for');
  return { kind: 'string', param, match, value: folded };
};
