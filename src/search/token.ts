import { isObject, type Json, listOf } from '../fhir/resource.ts';
import { type Asked, refuse } from './asked.ts';
import type { Emit } from './emit.ts';
import { splitUnescaped, unescaped } from './escape.ts';
import { fold } from './fold.ts';
import type { Implied } from './implied-systems.ts';
import { anyCase, below, type IndexValue, type TokenValue } from './index-values.ts';
import { or, type Predicate } from './query.ts';
import { baseMimeType } from './token-elements.ts';

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);

const FOLDED_LIMIT = 4000;
const folded = new Map<string, string>();

/** Displays repeat from resource to resource, so their folding is remembered. */
const foldedText = (text: string): string => {
  const seen = folded.get(text);
  if (seen !== undefined) return seen;
  if (folded.size >= FOLDED_LIMIT) folded.clear();
  const made = fold(text);
  folded.set(text, made);
  return made;
};

const token = (param: string, system: string | null, code: string | null, text: string | null): TokenValue =>
  text === null
    ? { kind: 'token', param, system, code }
    : { kind: 'token', param, system, code, text: foldedText(text) };

const putCoding: Emit = (element, param, out) => {
  if (!isObject(element)) return;
  const value = token(param, textOf(element['system']), textOf(element['code']), textOf(element['display']));
  if (value.system !== null || value.code !== null || value.text !== undefined) out.push(value);
};

/** The concept's text is one more value, unless a display says the same. */
const putConcept: Emit = (element, param, out) => {
  if (!isObject(element)) return;
  const from = out.length;
  for (const coding of listOf(element['coding'])) putCoding(coding, param, out);
  const text = textOf(element['text']);
  if (text === null) return;
  const same = foldedText(text);
  for (let at = from; at < out.length; at += 1) {
    const value = out[at];
    if (value?.kind === 'token' && value.text === same) return;
  }
  out.push(token(param, null, null, text));
};

const putIdentifier: Emit = (element, param, out) => {
  if (!isObject(element)) return;
  const type = isObject(element['type']) ? element['type'] : {};
  const value = token(param, textOf(element['system']), textOf(element['value']), textOf(type['text']));
  const ofType = listOf(type['coding']).flatMap((coding) => {
    const code = isObject(coding) ? textOf(coding['code']) : null;
    return isObject(coding) && code !== null ? [{ system: textOf(coding['system']), code }] : [];
  });
  if (value.system === null && value.code === null && value.text === undefined) return;
  out.push(ofType.length === 0 ? value : { ...value, ofType });
};

const putPrimitive = (element: Json, param: string, out: IndexValue[]): void => {
  if (typeof element === 'string' && element !== '') out.push(token(param, null, element, null));
  else if (typeof element === 'boolean' || typeof element === 'number')
    out.push(token(param, null, String(element), null));
};

/** Strings are searched without case (search.html#token), and sorted as written. */
const putText: Emit = (element, param, out) => {
  if (typeof element !== 'string' || element === '') return;
  const plain = element.toLowerCase();
  out.push(token(param, null, element, null));
  if (plain !== element) out.push(token(anyCase(param), null, plain, null));
};

const putContact: Emit = (element, param, out) => {
  if (isObject(element)) putText(element['value'] ?? null, param, out);
};

const PUT: Readonly<Record<string, Emit>> = {
  CodeableConcept: putConcept,
  Coding: putCoding,
  Identifier: putIdentifier,
  ContactPoint: putContact,
  string: putText,
};

/** Primitives have no system of their own; the one that a code's value set implies is resolved when a search is parsed. */
export const tokenEmit = (type: string): Emit | undefined =>
  Object.hasOwn(PUT, type) ? PUT[type] : /^[a-z]/.test(type) ? putPrimitive : undefined;

/** `code`, `system|code`, `|code`, `system|` and the modifiers but :not and :in, which are made of several of these. */
export const tokenPredicate = ({ param, modifier, value, name }: Asked, implied: Implied | undefined): Predicate => {
  if (modifier === 'text') {
    const folded = fold(unescaped(value));
    if (folded === '') return refuse(name, 'white space alone cannot be searched for');
    return { kind: 'token', param, match: { by: 'text', folded } };
  }
  const parts = splitUnescaped(value, '|').map(unescaped);
  if (modifier === 'of-type') return ofType(parts, param, name, value);
  const [first = '', second] = parts;
  if (parts.length > 2)
    return refuse(name, `'${value}' has more than one '|': a token is code, system|code, |code or system|`);
  if (second === undefined) return { kind: 'token', param, match: { by: 'code', code: first } };
  if (first === '' && second === '') return refuse(name, `'|' alone is no token`);
  return codedPredicate(param, first === '' ? null : first, second === '' ? undefined : second, implied);
};

/** A string in any case. */
export const textPredicate = (asked: Asked): Predicate => {
  const value = asked.value.toLowerCase();
  return or(
    ...[asked.param, anyCase(asked.param)].map((param) => tokenPredicate({ ...asked, param, value }, undefined)),
  );
};

/** `:below` a mime type: with any of its parameters. */
export const belowMimeType = ({ param, value, name }: Asked): Predicate => {
  const code = baseMimeType(unescaped(value));
  if (!/^[^|/]+\/[^|/]+$/.test(code))
    return refuse(name, `'${value}' is no mime type: :below takes type/subtype, without a system`);
  return { kind: 'token', param: below(param), match: { by: 'code', code } };
};

/** Of elements of type code the system is known from their value set, and not stored with the value. */
export const codedPredicate = (
  param: string,
  system: string | null,
  code: string | undefined,
  implied: Implied | undefined,
): Predicate => {
  if (implied === undefined || system === null) {
    return { kind: 'token', param, match: { by: 'code', system, ...(code !== undefined && { code }) } };
  }
  if (!implied.holds(system, code)) return { kind: 'none' };
  return { kind: 'token', param, match: { by: 'code', system: null, ...(code !== undefined && { code }) } };
};

const ofType = (parts: readonly string[], param: string, name: string, value: string): Predicate => {
  const [system = '', code = '', identifier = ''] = parts;
  if (parts.length !== 3 || code === '' || identifier === '') {
    return refuse(name, `'${value}' is malformed: :of-type takes system|code|value`);
  }
  const match = { by: 'of-type', code, value: identifier } as const;
  return { kind: 'token', param, match: system === '' ? match : { ...match, system } };
};
