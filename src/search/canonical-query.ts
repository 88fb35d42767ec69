import type { Predicate, Query } from './query.ts';

/** The predicate as text that is equal for equal meaning as far as order goes: members sorted, alternatives too. */
export const canonicalPredicate = (predicate: Predicate): string => {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return `${predicate.kind}(${[...new Set(predicate.of.map(canonicalPredicate))].sort().join()})`;
    case 'not':
      return `not(${canonicalPredicate(predicate.of)})`;
    case 'composite':
      return `composite(${predicate.param},${predicate.components.map(canonicalPredicate).join()})`;
    case 'chain':
      return `chain(${predicate.param},${predicate.type},${canonicalPredicate(predicate.where)})`;
    case 'has':
      return `has(${predicate.source},${predicate.param},${canonicalPredicate(predicate.where)})`;
    case 'id':
      return `id(${JSON.stringify([...predicate.ids].sort())})`;
    default:
      return ordered(predicate);
  }
};

/** What page links are bound to: types, predicate and order, but not the size of a page. */
export const canonicalQuery = ({ types, where, sort }: Query): string =>
  `${[...types].sort().join()}?${canonicalPredicate(where)}&${sort.map((it) => `${it.descending ? '-' : ''}${it.param}`).join()}`;

/** JSON with the members of every object in alphabetical order. */
const ordered = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(ordered).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, it]) => it !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, it]) => `${JSON.stringify(name)}:${ordered(it)}`).join()}}`;
};
