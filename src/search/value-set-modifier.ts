import { expand } from '../conformance/terminology/expand.ts';
import { NotHeld } from '../conformance/terminology/not-held.ts';
import { parseReference } from '../fhir/reference.ts';
import type { Asked } from './asked.ts';
import { refuse, unsupported } from './asked.ts';
import { unescaped } from './escape.ts';
import type { Implied } from './implied-systems.ts';
import { or, type Predicate } from './query.ts';
import { MAX_ALTERNATIVES, type SearchScope, spend } from './search-scope.ts';
import { codedPredicate } from './token.ts';

type Coded = readonly (readonly [system: string, code: string])[];

/** `:in`: any code of the value set (search.html#token). Only value sets whose codes are all known can be asked for. */
export const inValueSet = (scope: SearchScope, asked: Asked, implied: Implied | undefined): Predicate => {
  const codes = codesOf(scope, asked, canonicalOf(scope, unescaped(asked.value)));
  spend(scope, codes.length > MAX_ALTERNATIVES ? Number.POSITIVE_INFINITY : codes.length);
  return or(...codes.map(([system, code]) => codedPredicate(asked.param, system, code, implied)));
};

/** A literal reference to a ValueSet of this server goes by `ValueSet/[id]`, whatever its url. */
const canonicalOf = ({ base }: SearchScope, text: string): string => {
  const parsed = parseReference(text, base);
  return parsed?.kind === 'local' && parsed.type === 'ValueSet' ? `ValueSet/${parsed.id}` : text;
};

/** From the sets that validation lists, which are at hand; else by expansion. */
const codesOf = (scope: SearchScope, asked: Asked, canonical: string): Coded => {
  const { registry, terminology } = scope;
  const listed = registry.valueSet(canonical);
  if (listed?.complete)
    return [...listed.codes].flatMap(([system, codes]) => [...codes].map((code) => [system, code] as const));
  const set = terminology.valueSet(canonical) ?? refuse(asked.name, `value set '${canonical}' is not known here`);
  try {
    const { members, unclosed } = expand(terminology, set);
    if (unclosed) return unsupported(asked.name, `value set '${canonical}' is not enumerable here as a whole`);
    return members.map(({ system, code }) => [system, code] as const);
  } catch (error) {
    if (!(error instanceof NotHeld)) throw error;
    return unsupported(asked.name, `value set '${canonical}' is not enumerable here as a whole: ${error.message}`);
  }
};
