import { Problem } from '../fhir/problem.ts';
import { chain } from './chain.ts';
import { filterTest } from './filter-test.ts';
import { type Filter, parseFilter, type Segment } from './filter-syntax.ts';
import { and, or, type Predicate } from './query.ts';
import { type SearchScope, spend } from './search-scope.ts';

/** What `_filter` asks (search_filter.html). @throws Problem naming what is wrong, as the parameters themselves would. */
export const filterPredicate = (scope: SearchScope, text: string): Predicate =>
  predicateOf(scope, parseFilter(scope.name, text));

const predicateOf = (scope: SearchScope, filter: Filter): Predicate => {
  spend(scope, 1);
  switch (filter.kind) {
    case 'and':
      return and(predicateOf(scope, filter.left), predicateOf(scope, filter.right));
    case 'or':
      return or(predicateOf(scope, filter.left), predicateOf(scope, filter.right));
    case 'not':
      return { kind: 'not', of: predicateOf(scope, filter.of) };
    case 'test':
      return along(scope, filter.path, (at, code) => filterTest(at, code, filter.operator, filter.value));
    default:
      return filter satisfies never;
  }
};

/** Follows the path's references; a filter in brackets and the rest hold of one and the same resource. */
const along = (
  scope: SearchScope,
  [first, ...rest]: readonly Segment[],
  test: (scope: SearchScope, code: string) => Predicate,
): Predicate => {
  if (first === undefined) throw new Problem('unexpected', 'A filter has an empty path');
  const [next] = rest;
  if (next === undefined) return test(scope, first.name);
  return chain(scope, first.name, first.type, next.name, (target) =>
    and(first.within === undefined ? { kind: 'all' } : predicateOf(target, first.within), along(target, rest, test)),
  );
};
