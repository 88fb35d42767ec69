import { JsonReader, LITERALS, type LiteralsOf } from './json-reader.ts';
import { Problem } from './problem.ts';
import type { Json, JsonObject } from './resource.ts';

export { LITERALS } from './json-reader.ts';

const MAXIMUM_DEPTH = 64;
const LONE_SURROGATE = /\p{Surrogate}/u;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses JSON and keeps the literals of decimals (see LITERALS). Throws Problem 'malformed-body' with line, column
 * and what was expected; refuses duplicate members, `__proto__` and all else that objects inherit, U+0000, unpaired surrogates, invalid UTF-8,
 * numbers beyond a double, and nesting deeper than `maximumDepth`.
 */
export const parseJson = (body: string | Uint8Array, maximumDepth = MAXIMUM_DEPTH): Json => {
  if (typeof body !== 'string') return new JsonReader(decode(body), maximumDepth).read();
  if (LONE_SURROGATE.test(body)) throw new Problem('malformed-body', 'The JSON holds an unpaired surrogate');
  return new JsonReader(body, maximumDepth).read();
};

const decode = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new Problem('malformed-body', 'The body is not valid UTF-8', { cause });
  }
};

type Parent = (JsonObject | readonly Json[]) & Readonly<LiteralsOf>;

/** The number's literal as it was received, or how JavaScript writes the value; '' where there is none, and for lists and objects. */
export const literal = (parent: JsonObject | readonly Json[], key: string | number): string => {
  const value = (parent as JsonObject)[key];
  const kept = (parent as Parent)[LITERALS]?.[key];
  if (kept !== undefined && Number(kept) === value) return kept;
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
};

/** True where some number below has a literal of its own, so that JSON.stringify would alter it. */
export const hasLiterals = (value: Json | undefined): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if ((value as Parent)[LITERALS] !== undefined) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (hasLiterals(item)) return true;
    return false;
  }
  for (const key in value) {
    const member = (value as JsonObject)[key];
    if (typeof member === 'object' && member !== null && hasLiterals(member)) return true;
  }
  return false;
};

/** JSON text of the value, compact, decimals as they were received; the inverse of parseJson. */
export const writeJson = (value: Json): string => (hasLiterals(value) ? write(value) : JSON.stringify(value));

const names = new Map<string, string>();
const MAXIMUM_NAMES = 5000;

/** `"name":`, escaped. */
const nameText = (name: string): string => {
  const known = names.get(name);
  if (known !== undefined) return known;
  const text = `${JSON.stringify(name)}:`;
  if (names.size < MAXIMUM_NAMES) names.set(name, text);
  return text;
};

const write = (value: Json): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const literals = (value as Parent)[LITERALS];
  if (Array.isArray(value)) {
    let text = '';
    for (let index = 0; index < value.length; index++) {
      text += `${index === 0 ? '' : ','}${member(value[index] ?? null, literals?.[index])}`;
    }
    return `[${text}]`;
  }
  let text = '';
  for (const key of Object.keys(value)) {
    const item = (value as JsonObject)[key];
    if (item !== undefined) text += `${text === '' ? '' : ','}${nameText(key)}${member(item, literals?.[key])}`;
  }
  return `{${text}}`;
};

const member = (value: Json, kept: string | undefined): string =>
  kept !== undefined && Number(kept) === value ? kept : write(value);

/** Sets a member of a parsed object; a number with the literal given, so that 0.10 stays 0.10 and 0.1 becomes 0.1. */
export const setMember = (
  target: { [member: string]: Json | undefined; [LITERALS]?: Readonly<Record<string, string>> },
  name: string,
  value: Json,
  text: string,
): void => {
  target[name] = value;
  const { [name]: _before, ...others } = target[LITERALS] ?? {};
  if (typeof value === 'number' && text !== String(value)) target[LITERALS] = { ...others, [name]: text };
  else if (_before !== undefined) target[LITERALS] = others;
};
