import { Problem } from '../../fhir/problem.ts';
import type { CodeSystem } from './code-system.ts';

export type Subsumption = 'equivalent' | 'subsumes' | 'subsumed-by' | 'not-subsumed';

/** How two codes of a system relate (codesystem-operation-subsumes.html). @throws Problem `not-found` where it lacks one. */
export const subsumption = (system: CodeSystem, codeA: string, codeB: string): Subsumption => {
  const [a, b] = [codeA, codeB].map((code) => {
    const concept = system.concept(code);
    if (concept !== undefined) return concept.code;
    throw new Problem('not-found', `The code '${code}' is not known in '${system.url}'`);
  });
  if (a === undefined || b === undefined || a === b) return 'equivalent';
  if (system.descendants(a).has(b)) return 'subsumes';
  return system.ancestors(a).has(b) ? 'subsumed-by' : 'not-subsumed';
};
