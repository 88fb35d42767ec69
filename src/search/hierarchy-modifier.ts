import type { Asked } from './asked.ts';
import { refuse, unsupported } from './asked.ts';
import { splitUnescaped, unescaped } from './escape.ts';
import type { Implied } from './implied-systems.ts';
import { or, type Predicate } from './query.ts';
import { MAX_ALTERNATIVES, type SearchScope, spend } from './search-scope.ts';
import { codedPredicate } from './token.ts';

/** `:below` a code and `:above` it in its code system, the code itself among them (search.html#modifiers). */
export const inHierarchy = (scope: SearchScope, asked: Asked, implied: Implied | undefined): Predicate => {
  const [url = '', code = '', ...more] = splitUnescaped(asked.value, '|').map(unescaped);
  if (url === '' || code === '' || more.length > 0)
    return refuse(asked.name, `'${asked.value}' is malformed: :${asked.modifier} takes system|code`);
  const system = scope.terminology.codeSystem(url);
  if (system?.content !== 'complete')
    return unsupported(asked.name, `the hierarchy of '${url}' is not known here as a whole`);
  const concept = system.concept(code) ?? refuse(asked.name, `'${code}' is not a code of '${url}'`);
  const codes = asked.modifier === 'below' ? system.descendants(concept.code) : system.ancestors(concept.code);
  spend(scope, codes.size >= MAX_ALTERNATIVES ? Number.POSITIVE_INFINITY : codes.size);
  return or(...[concept.code, ...codes].map((one) => codedPredicate(asked.param, url, one, implied)));
};
