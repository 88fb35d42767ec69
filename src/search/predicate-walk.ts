import type { Predicate } from './query.ts';

/** Whether the predicate or one that it is made of, at the end of chains and `_has` too, passes the test. */
export function somePredicate(where: Predicate, test: (part: Predicate) => boolean): boolean {
  if (test(where)) return true;
  switch (where.kind) {
    case 'and':
    case 'or':
      return where.of.some((part) => somePredicate(part, test));
    case 'composite':
      return where.components.some((part) => somePredicate(part, test));
    case 'not':
      return somePredicate(where.of, test);
    case 'chain':
    case 'has':
      return somePredicate(where.where, test);
    default:
      return false;
  }
}

/** Whether other resources decide it too; most searches have no such part. */
export const followsLinks = (where: Predicate): boolean =>
  somePredicate(where, ({ kind }) => kind === 'chain' || kind === 'has');
