import type { Registry, SearchParameterDefinition } from '../conformance/registry.ts';
import type { Terminology } from '../conformance/terminology/terminology.ts';
import { Problem } from '../fhir/problem.ts';
import { RESULT_PARAMETERS } from './result-parameters.ts';
import { nearest } from './suggestion.ts';

/** What is known while one parameter of a search is read. */
export interface SearchScope {
  readonly registry: Registry;
  /** This server's FHIR base. */
  readonly base: string;
  readonly terminology: Terminology;
  /** Milliseconds UTC; `ap` on dates depends on it. */
  readonly now: number;
  /** The parameter as the client wrote it, for messages. */
  readonly name: string;
  readonly types: readonly string[];
  /** How many chain and `_has` links were followed to get here. */
  readonly depth: number;
  /** Shared by all parameters of the search: what may still be spent on its predicates. */
  readonly budget: { left: number };
}

export const MAX_DEPTH = 8;
export const MAX_ALTERNATIVES = 2000;
export const BUDGET = 20_000;
/** What following one reference costs of it: a store answers each with a search of its own. */
export const LINK_COST = 40;

/** Counts predicates made. @throws Problem `too-costly` once the search has made too many. */
export const spend = (scope: SearchScope, amount: number): void => {
  scope.budget.left -= amount;
  if (scope.budget.left >= 0) return;
  throw new Problem(
    'too-costly',
    `search parameter '${scope.name}' asks for too many alternatives; name the types of chained references (subject:Patient.name) or ask for fewer values`,
    {
      expression: [scope.name],
    },
  );
};

/** One definition for each of the scope's types. @throws Problem `unknown-parameter` where a type has none of that code. */
export const definitionsOf = (scope: SearchScope, code: string): readonly SearchParameterDefinition[] => {
  const definitions = scope.types.map((type) => {
    const codes = scope.registry.searchParameters(type);
    return codes.get(code) ?? unknown(scope, code, type, codes.keys());
  });
  if (definitions.some((it) => it.pending)) throw notIndexed(scope.name, code);
  if (definitions.some((it) => it.type !== definitions[0]?.type)) {
    throw new Problem(
      'invalid-search',
      `search parameter '${scope.name}' is not of one type among ${scope.types.join(', ')}; search one type at a time`,
      {
        expression: [scope.name],
      },
    );
  }
  return definitions;
};

/** A parameter that would miss what was stored before it is refused, not answered in part. */
export const notIndexed = (name: string, code: string): Problem =>
  new Problem(
    'not-supported',
    `search parameter '${name}': '${code}' is new, and what was stored before it is not indexed by it yet; invoke $reindex and search again when it has completed`,
    { expression: [name] },
  );

const unknown = (scope: SearchScope, code: string, type: string, codes: Iterable<string>): never => {
  const near = nearest(code, [...codes, ...(scope.depth === 0 ? RESULT_PARAMETERS : []), '_has', '_list']);
  const meant = near === undefined ? '' : `; did you mean '${near}'?`;
  const where = code === scope.name ? '' : ` in '${scope.name}'`;
  throw new Problem('unknown-parameter', `unknown search parameter '${code}'${where} for ${type}${meant}`, {
    expression: [scope.name],
  });
};

const targetsOf = new WeakMap<SearchParameterDefinition, readonly string[]>();

/** Types that the reference parameter may point at; every type where it is open. */
export const targetTypes = (
  registry: Registry,
  definitions: readonly SearchParameterDefinition[],
): readonly string[] => {
  const [first] = definitions;
  const known = first && definitions.length === 1 ? targetsOf.get(first) : undefined;
  if (known) return known;
  const open = definitions.some((it) => it.targets.length === 0);
  const named = new Set(definitions.flatMap((it) => it.targets));
  const targets = open ? registry.resourceTypes : [...named].filter((type) => registry.isResourceType(type));
  if (first && definitions.length === 1) targetsOf.set(first, targets);
  return targets;
};
