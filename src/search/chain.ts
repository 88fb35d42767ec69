import type { SearchParameterDefinition } from '../conformance/registry.ts';
import { Problem } from '../fhir/problem.ts';
import { parameterName } from './parameter-name.ts';
import { or, type Predicate } from './query.ts';
import { typeModifier } from './reference.ts';
import { definitionsOf, LINK_COST, MAX_DEPTH, type SearchScope, spend, targetTypes } from './search-scope.ts';
import { nearest } from './suggestion.ts';

/** The scope at the other end of a link. @throws Problem `too-costly` beyond the depth that is followed. */
export const deeper = (scope: SearchScope, types: readonly string[]): SearchScope => {
  spend(scope, LINK_COST);
  if (scope.depth < MAX_DEPTH) return { ...scope, types, depth: scope.depth + 1 };
  throw new Problem('too-costly', `search parameter '${scope.name}' follows more than ${MAX_DEPTH} references`, {
    expression: [scope.name],
  });
};

/** @throws Problem where the parameter is unknown or no reference. */
export const referenceDefinitions = (scope: SearchScope, code: string): readonly SearchParameterDefinition[] => {
  const definitions = definitionsOf(scope, code);
  if (definitions[0]?.type === 'reference') return definitions;
  const diagnostics = `search parameter '${scope.name}': '${code}' of ${scope.types.join(', ')} is no reference, so nothing can be chained to it`;
  throw new Problem('unknown-parameter', diagnostics, { expression: [scope.name] });
};

/**
 * `subject:Patient.name`, or `subject.name` over every type that the reference may point at and that knows the rest;
 * `where` reads what must hold of the resource at the other end.
 */
export const chain = (
  scope: SearchScope,
  code: string,
  modifier: string | undefined,
  rest: string,
  where: (target: SearchScope) => Predicate,
): Predicate => {
  const { registry, base } = scope;
  const all = targetTypes(registry, referenceDefinitions(scope, code));
  const rules = { base, targets: all, isResourceType: registry.isResourceType };
  const one = typeModifier({ modifier, name: scope.name }, rules);
  const targets = one === undefined ? all : [one];
  const able = targets.length === 1 ? targets : targets.filter((type) => knows(scope, type, rest));
  const found: Predicate[] = [];
  let unknown: Problem | undefined;
  for (const type of able) {
    try {
      found.push({ kind: 'chain', param: code, type, where: where(deeper(scope, [type])) });
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'unknown-parameter') throw error;
      unknown ??= error;
    }
  }
  if (found.length === 0) throw unknown ?? noneKnows(scope, rest, targets);
  return or(...found);
};

const OF_EVERY_TYPE = new Set(['_id', '_lastUpdated', '_list', '_has', '_text', '_content', '_filter']);

const knows = ({ registry }: SearchScope, type: string, rest: string): boolean => {
  const code = /^[^.:]+/.exec(rest)?.[0] ?? '';
  return OF_EVERY_TYPE.has(code) || registry.searchParameters(type).has(code);
};

const noneKnows = (scope: SearchScope, rest: string, targets: readonly string[]): Problem => {
  const code = parameterName(rest)?.code ?? rest;
  const near = nearest(code, new Set(targets.flatMap((type) => [...scope.registry.searchParameters(type).keys()])));
  const types = targets.length > 8 ? `${targets.slice(0, 8).join(', ')}, …` : targets.join(', ');
  const meant = near === undefined ? '' : `; did you mean '${near}'?`;
  return new Problem(
    'unknown-parameter',
    `unknown search parameter '${code}' in '${scope.name}' for any of ${types}${meant}`,
    {
      expression: [scope.name],
    },
  );
};
