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
      return valueText(predicate);
  }
};

// Values asked for again are the same objects (remembered-criteria.ts).
const texts = new WeakMap<Predicate, string>();

function valueText(predicate: Predicate): string {
  const known = texts.get(predicate);
  if (known !== undefined) return known;
  // Made by one parser: equal ones have their members in one order.
  const made = JSON.stringify(predicate);
  texts.set(predicate, made);
  return made;
}

/** What page links are bound to: types, predicate and order, but not the size of a page. */
export const canonicalQuery = ({ types, where, sort }: Query): string =>
  `${[...types].sort().join()}?${canonicalPredicate(where)}&${sort.map((it) => `${it.descending ? '-' : ''}${it.param}`).join()}`;
