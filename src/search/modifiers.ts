import type { SearchParameterType } from '../conformance/registry.ts';
import { type Asked, refuse } from './asked.ts';

/** Goes with every search type (search.html#missing). */
export const MISSING = 'missing';

/** THE modifiers of each search type beside `:missing` (search.html#modifiers); a reference takes a resource type besides. */
export const MODIFIERS = {
  number: [],
  date: [],
  quantity: [],
  composite: [],
  special: [],
  string: ['exact', 'contains'],
  uri: ['above', 'below'],
  token: ['text', 'not', 'in', 'not-in', 'above', 'below', 'of-type'],
  reference: ['identifier', 'above', 'below'],
} as const satisfies Record<SearchParameterType, readonly string[]>;

/** Modifiers of `_include` and `_revinclude`; `:recurse` is what STU3 called `:iterate`. */
export const INCLUDE_MODIFIERS = ['iterate', 'recurse'] as const;

export type Modifier<T extends SearchParameterType> = (typeof MODIFIERS)[T][number];

/** Undefined for what is no modifier of the search type. */
export const knownModifier = <T extends SearchParameterType>(
  type: T,
  modifier: string | undefined,
): Modifier<T> | undefined => MODIFIERS[type].find((known) => known === modifier);

/** The modifier asked for. @throws Problem `invalid-search` that lists those that apply to the search type. */
export const modifierOf = <T extends SearchParameterType>(
  type: T,
  { modifier, name }: Pick<Asked, 'modifier' | 'name'>,
): Modifier<T> | undefined => {
  const known = knownModifier(type, modifier);
  if (modifier === undefined || known !== undefined) return known;
  const others = MODIFIERS[type].map((it) => `:${it}`);
  const applicable = others.length === 0 ? `only :${MISSING} does` : `use ${others.join(', ')} or :${MISSING}`;
  return refuse(name, `modifier :${modifier} does not apply to ${type} parameters; ${applicable}`);
};
