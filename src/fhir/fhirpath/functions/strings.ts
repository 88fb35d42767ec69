import { booleanExpression, collectionExpression, nodeExpression, single } from '../expression.ts';
import { booleanCollection, EMPTY, type FhirPathNode, integerNode, stringNode } from '../node.ts';
import { type FunctionDefinition, type FunctionTable, ofNode } from './definition.ts';
import { isMatch, replacedMatches } from './patterns.ts';
import { checkLength, joined } from './text-limit.ts';

type Result = string | number | boolean | undefined;

const resultNode = (result: Result): FhirPathNode | undefined => {
  if (result === undefined) return undefined;
  if (typeof result === 'string') return stringNode(result);
  return typeof result === 'number' ? integerNode(result) : booleanCollection(result)[0];
};

/** A function of one text whose arguments are texts or numbers. */
const ofText = (
  name: string,
  required: number,
  optional: number,
  apply: (text: string, ...args: string[]) => Result,
): FunctionDefinition =>
  ofNode(name, required, optional, (node, _scope, args) => {
    const text = node.text;
    return text === undefined ? undefined : resultNode(apply(text, ...args.map((arg) => arg?.text ?? '')));
  });

const matches = (name: string, wrap: (source: string) => string): FunctionDefinition => ({
  parameters: ['value'],
  required: 1,
  build: (focus, [source]) =>
    booleanExpression((self, scope) => {
      const text = single(focus.evaluate(self, scope), `${name}()`)?.text;
      const wanted = source && single(source.evaluate(self, scope), `${name}()`)?.text;
      if (text !== undefined && wanted !== undefined) return isMatch(text, wrap(wanted));
      scope.undecided = true;
      return undefined;
    }),
});

const many = (
  name: string,
  split: (text: string, separator: string) => readonly string[],
  required: number,
): FunctionDefinition => ({
  parameters: required === 0 ? [] : ['value'],
  required,
  build: (focus, [separator]) =>
    collectionExpression((self, scope) => {
      const text = single(focus.evaluate(self, scope), `${name}()`)?.text;
      if (text === undefined) return EMPTY;
      const by = separator && single(separator.evaluate(self, scope), `${name}()`)?.text;
      return split(text, by ?? '').map(stringNode);
    }),
});

const substring = (text: string, start: string, length?: string): Result => {
  const from = Number(start);
  if (from < 0 || from >= text.length) return undefined;
  return length === undefined ? text.slice(from) : text.slice(from, from + Math.max(0, Number(length)));
};

const encoded = (text: string, format: string): Result => {
  const bytes = Buffer.from(text, 'utf8');
  if (format === 'hex') return bytes.toString('hex');
  if (format === 'base64') return bytes.toString('base64');
  return format === 'urlbase64' ? bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_') : undefined;
};

const decoded = (text: string, format: string): Result => {
  if (format === 'hex') return Buffer.from(text, 'hex').toString('utf8');
  return format === 'base64' || format === 'urlbase64' ? Buffer.from(text, 'base64').toString('utf8') : undefined;
};

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const CHARACTERS: ReadonlyMap<string, string> = new Map(
  Object.entries(MARKUP).map(([plain, entity]) => [entity, plain]),
);

const escaped = (text: string, target: string): Result => {
  if (target === 'html') return text.replace(/[&<>"']/g, (character) => MARKUP[character] ?? character);
  return target === 'json' ? JSON.stringify(text).slice(1, -1) : undefined;
};

const unescaped = (text: string, target: string): Result => {
  if (target === 'html') return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => CHARACTERS.get(entity) ?? entity);
  if (target !== 'json') return undefined;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_whole, code?: string, letter = '') =>
    code === undefined ? (CONTROLS[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
};
const CONTROLS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const replaced = (text: string, from: string, to: string): string => {
  const parts = from === '' ? text.length + 2 : text.split(from).length;
  checkLength(text.length + (parts - 1) * (to.length - from.length));
  return text.replaceAll(from, () => to);
};

/** FHIRPath N1 §5.6. */
export const STRINGS: FunctionTable = {
  indexOf: ofText('indexOf', 1, 0, (text, part = '') => text.indexOf(part)),
  lastIndexOf: ofText('lastIndexOf', 1, 0, (text, part = '') => text.lastIndexOf(part)),
  substring: ofText('substring', 1, 1, (text, start = '', length?) => substring(text, start, length)),
  startsWith: ofText('startsWith', 1, 0, (text, part = '') => text.startsWith(part)),
  endsWith: ofText('endsWith', 1, 0, (text, part = '') => text.endsWith(part)),
  contains: ofText('contains', 1, 0, (text, part = '') => text.includes(part)),
  upper: ofText('upper', 0, 0, (text) => text.toUpperCase()),
  lower: ofText('lower', 0, 0, (text) => text.toLowerCase()),
  trim: ofText('trim', 0, 0, (text) => text.trim()),
  length: ofText('length', 0, 0, (text) => text.length),
  replace: ofText('replace', 2, 0, (text, from = '', to = '') => replaced(text, from, to)),
  replaceMatches: ofText('replaceMatches', 2, 0, (text, source = '', to = '') => replacedMatches(text, source, to)),
  encode: ofText('encode', 1, 0, (text, format = '') => encoded(text, format)),
  decode: ofText('decode', 1, 0, (text, format = '') => decoded(text, format)),
  escape: ofText('escape', 1, 0, (text, target = '') => escaped(text, target)),
  unescape: ofText('unescape', 1, 0, (text, target = '') => unescaped(text, target)),
  matches: matches('matches', (source) => source),
  matchesFull: matches('matchesFull', (source) => `^(?:${source})$`),
  toChars: many('toChars', (text) => [...text], 0),
  split: many('split', (text, separator) => text.split(separator), 1),
  join: {
    parameters: ['value'],
    required: 0,
    build: (focus, [separator]) =>
      nodeExpression((self, scope) => {
        const between = (separator && single(separator.evaluate(self, scope), 'join()')?.text) ?? '';
        const texts = focus.evaluate(self, scope).flatMap((node) => node.text ?? []);
        return texts.length === 0 ? undefined : stringNode(joined(texts, between));
      }),
  },
};
