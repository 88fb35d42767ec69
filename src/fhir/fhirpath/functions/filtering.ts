import { Problem } from '../../problem.ts';
import type { Json } from '../../resource.ts';
import type { Scope } from '../environment.ts';
import { collectionExpression, type Expression } from '../expression.ts';
import { type Collection, EMPTY, type FhirPathNode } from '../node.ts';
import type { FunctionTable } from './definition.ts';

const MAXIMUM_ITEMS = 1_000_000;

/** Whether the criteria hold for some item. */
export const someMatch = (nodes: Collection, criteria: Expression, scope: Scope): boolean => {
  const outer = scope.index;
  let found = false;
  for (let index = 0; index < nodes.length && !found; index++) {
    const node = nodes[index];
    scope.index = index;
    found = node !== undefined && criteria.truth(node, scope) === true;
  }
  scope.index = outer;
  return found;
};

const matching = (nodes: Collection, criteria: Expression, scope: Scope): Collection => {
  if (nodes.length === 0) return nodes;
  const outer = scope.index;
  const result: FhirPathNode[] = [];
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    scope.index = index;
    if (node !== undefined && criteria.truth(node, scope) === true) result.push(node);
  }
  scope.index = outer;
  return result;
};

const projected = (nodes: Collection, projection: Expression, scope: Scope): Collection => {
  if (nodes.length === 0) return nodes;
  const outer = scope.index;
  const result: FhirPathNode[] = [];
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    scope.index = index;
    if (node !== undefined) result.push(...projection.evaluate(node, scope));
  }
  scope.index = outer;
  return result;
};

/** The projection of the items, of what that gives, and so on, each item once. */
const repeated = (nodes: Collection, projection: Expression, scope: Scope): Collection => {
  const seen = new Set<Json | undefined>();
  const result: FhirPathNode[] = [];
  let round = nodes;
  while (round.length > 0) {
    const next: FhirPathNode[] = [];
    for (const node of projected(round, projection, scope)) {
      if (node.value !== undefined && seen.has(node.value)) continue;
      seen.add(node.value);
      next.push(node);
      result.push(node);
    }
    if (result.length > MAXIMUM_ITEMS) throw new Problem('too-costly', 'FHIRPath: repeat() does not come to an end');
    round = next;
  }
  return result;
};

const over = (
  apply: (nodes: Collection, argument: Expression, scope: Scope) => Collection,
  exists?: (nodes: Collection, argument: Expression, scope: Scope) => boolean,
): FunctionTable[string] => ({
  parameters: ['each'],
  required: 1,
  build: (focus, [argument]) =>
    argument === undefined
      ? focus
      : collectionExpression(
          (self, scope) => apply(focus.evaluate(self, scope), argument, scope),
          exists && ((self, scope) => exists(focus.evaluate(self, scope), argument, scope)),
        ),
});

/** FHIRPath N1 §5.2 and aggregate() of §7. */
export const FILTERING: FunctionTable = {
  where: over(matching, someMatch),
  select: over(projected),
  repeat: over(repeated),
  aggregate: {
    parameters: ['each', 'value'],
    required: 1,
    build: (focus, [aggregator, initial]) =>
      collectionExpression((self, scope) => {
        const { index: outerIndex, total: outerTotal } = scope;
        const nodes = focus.evaluate(self, scope);
        scope.total = initial?.evaluate(self, scope) ?? EMPTY;
        for (let index = 0; index < nodes.length; index++) {
          const node = nodes[index];
          scope.index = index;
          if (node && aggregator) scope.total = aggregator.evaluate(node, scope);
        }
        const total = scope.total;
        scope.index = outerIndex;
        scope.total = outerTotal;
        return total;
      }),
  },
};
