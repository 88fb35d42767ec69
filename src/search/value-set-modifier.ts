import { expand } from '../conformance/terminology/expand.ts';
import { NotHeld } from '../conformance/terminology/not-held.ts';
import type { Asked } from './asked.ts';
import { refuse, unsupported } from './asked.ts';
import { unescaped } from './escape.ts';
import type { Implied } from './implied-systems.ts';
import { or, type Predicate } from './query.ts';
import { MAX_ALTERNATIVES, type SearchScope, spend } from './search-scope.ts';
import { codedPredicate } from './token.ts';

type Coded = readonly (readonly [system: string, code: string])[];

/** `:in`: any code of the value set (search.html#token). Only value sets whose codes are all known here can be asked for. */
export const inValueSet = (scope: SearchScope, asked: Asked, implied: Implied | undefined): Predicate => {
  const codes = codesOf(scope, asked, unescaped(asked.value));
  spend(scope, codes.length > MAX_ALTERNATIVES ? Number.POSITIVE_INFINITY : codes.length);
  return or(...codes.map(([system, code]) => codedPredicate(asked.param, system, code, implied)));
};

/** From the sets that validation lists, which are at hand; else by expansion. */
const codesOf = (scope: SearchScope, asked: Asked, url: string): Coded => {
  const listed = scope.registry.valueSet(url);
  if (listed?.complete)
    return [...listed.codes].flatMap(([system, codes]) => [...codes].map((code) => [system, code] as const));
  const { terminology } = scope.registry;
  const set = terminology.valueSet(url) ?? refuse(asked.name, `value set '${url}' is not known here`);
  try {
    const { members, unclosed } = expand(terminology, set);
    if (unclosed) return unsupported(asked.name, `value set '${url}' is not enumerable here as a whole`);
    return members.map(({ system, code }) => [system, code] as const);
  } catch (error) {
    if (!(error instanceof NotHeld)) throw error;
    return unsupported(asked.name, `value set '${url}' is not enumerable here as a whole: ${error.message}`);
  }
};
