import { filter } from './filter.ts';
import { candidates, lead } from './lead.ts';
import type { Facts, Scope } from './scope.ts';

/** The compiler over these facts. */
export function compiler(facts: Facts): Scope {
  const scope: Scope = {
    ...facts,
    filter: (type, p, at) => filter(scope, type, p, at),
    candidates: (type, where, cap) => candidates(scope, type, where, cap),
    leadsToFew: (type, where, cap) => lead(scope, type, where, cap)?.few ?? false,
  };
  return scope;
}
