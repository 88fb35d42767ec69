import { refuse } from './asked.ts';

/** Comparators of ordered parameters (search.html#prefix). */
export const PREFIXES = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] as const;
export type Prefix = (typeof PREFIXES)[number];

const isPrefix = (text: string): text is Prefix => PREFIXES.some((prefix) => prefix === text);

/** Takes the prefix off; without one the value must be equal. Letters in front that are no prefix are refused by name. */
export const splitPrefix = (name: string, value: string): { readonly prefix: Prefix; readonly rest: string } => {
  const letters = /^[A-Za-z]+/.exec(value)?.[0] ?? '';
  if (letters === '') return { prefix: 'eq', rest: value };
  const prefix = letters.slice(0, 2);
  if (isPrefix(prefix)) return { prefix, rest: value.slice(2) };
  return refuse(name, `'${letters}' in '${value}' is no prefix; use one of ${PREFIXES.join(', ')}`);
};
