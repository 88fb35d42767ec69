import type { Registry } from '../conformance/registry.ts';
import { isObject, type Json, type JsonObject } from '../fhir/resource.ts';
import type { FulltextValue, IndexValue } from './index-values.ts';
import { wordsOf } from './words.ts';

/** So many words of a text are found by; those after them are not. */
const MOST_WORDS = 2000;
/** Characters of one text that are looked at: more than so many words have. */
const LONGEST = 60_000;
/** Strings that are data or names of things, not language: each has a parameter of its own, or none. */
const UNWORDED = new Set([
  'Identifier.value',
  'ContactPoint.value',
  'SampledData.data',
  'SampledData.lowerLimit',
  'Coding.version',
]);
const WORDED = new Set(['string', 'markdown']);

/** Which members of a type hold text, and which lead to it; types that never do are left out. */
type Members = Map<string, Members | 'text' | 'resource'>;

/**
 * Writes the words of the narrative (`_text`) and of the strings of all other elements (`_content`), those of contained
 * resources and of a Bundle's entries included. Codes, ids, numbers and binary data hold no words.
 */
export const contentWriter = (registry: Registry): ((resource: JsonObject, out: IndexValue[]) => void) => {
  const known = new Map<string, Members>();
  const membersOf = (type: string): Members => {
    const before = known.get(type);
    if (before) return before;
    const members: Members = new Map();
    // Set first: types hold themselves.
    known.set(type, members);
    for (const element of registry.type(type)?.elements ?? []) {
      for (const [property, of] of properties(element)) {
        if (WORDED.has(of) && !UNWORDED.has(`${type}.${property}`)) members.set(property, 'text');
        else if (of === 'Resource') members.set(property, 'resource');
        else if (/[A-Z]/.test(of) && of !== 'Narrative' && of !== 'Meta') members.set(property, membersOf(of));
      }
    }
    return members;
  };
  const walk = (value: JsonObject, members: Members, texts: string[]): void => {
    for (const property in value) {
      const way = members.get(property);
      if (way === undefined) continue;
      const items = value[property];
      if (!Array.isArray(items)) visit(items, way, texts);
      else for (const item of items) visit(item as Json, way, texts);
    }
  };
  const visit = (item: Json | undefined, way: Members | 'text' | 'resource', texts: string[]): void => {
    if (way === 'text') {
      if (typeof item === 'string') texts.push(item);
    } else if (isObject(item)) {
      if (way !== 'resource') walk(item, way, texts);
      else if (typeof item['resourceType'] === 'string') walk(item, membersOf(item['resourceType']), texts);
    }
  };
  return (resource, out) => {
    const narrative = isObject(resource['text']) ? resource['text']['div'] : undefined;
    if (typeof narrative === 'string') put('_text', [withoutTags(narrative)], out);
    const texts: string[] = [];
    walk(resource, membersOf(String(resource['resourceType'])), texts);
    put('_content', texts, out);
  };
};

const properties = (element: { name: string; choice: boolean; types: readonly string[] }) =>
  element.choice
    ? element.types.map((type) => [`${element.name}${type.charAt(0).toUpperCase()}${type.slice(1)}`, type] as const)
    : [[element.name, element.types[0] ?? ''] as const];

/** Inline markup does not end a word. */
const withoutTags = (div: string): string =>
  withoutComments(div.slice(0, LONGEST))
    .replace(/<\/?(?:b|i|em|strong|span|a|sub|sup|tt|small|big|u)(?:\s[^<>]*)?>/g, '')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));/g, (_, hex: string | undefined, decimal: string | undefined) =>
      character(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replace(/&[a-z]+;/g, ' ');

/** Part by part, so that text of nothing but comments' beginnings takes no longer than other text. */
const withoutComments = (div: string): string => {
  const [before = '', ...comments] = div.split('<!--');
  return [before, ...comments.map((it) => it.slice(it.indexOf('-->') + 1 || it.length).replace(/^->/, ''))].join(' ');
};

const character = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : ' ');

const REMEMBERED = 2000;
const LONG = 1000;
const remembered = new Map<string, FulltextValue>();

/** What devices send says the same from resource to resource, so its words are remembered. */
const put = (param: '_text' | '_content', texts: readonly string[], out: IndexValue[]): void => {
  if (texts.length === 0) return;
  const key = `${param}\n${texts.join('\n')}`;
  const value = remembered.get(key) ?? made(param, texts);
  if (value.words.length === 0) return;
  if (key.length <= LONG) {
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(key, value);
  }
  out.push(value);
};

const made = (param: '_text' | '_content', texts: readonly string[]): FulltextValue => {
  const words: string[] = [];
  const seen = new Set<string>();
  for (const text of texts) {
    // Displays repeat within a resource; once is enough.
    if (words.length >= MOST_WORDS || seen.has(text)) continue;
    seen.add(text);
    const more = wordsOf(text.slice(0, LONGEST));
    if (more.length === 0) continue;
    if (words.length > 0) words.push('');
    words.push(...more.slice(0, MOST_WORDS));
  }
  return { kind: 'fulltext', param, words: words.slice(0, MOST_WORDS) };
};
