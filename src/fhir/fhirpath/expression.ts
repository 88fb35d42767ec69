import { Problem } from '../problem.ts';
import type { Scope } from './environment.ts';
import { booleanCollection, type Collection, EMPTY, type FhirPathNode } from './node.ts';

/** A compiled expression. `self` is `$this`. The three ways to ask spare the cheap questions the price of a collection. */
export interface Expression {
  evaluate(self: FhirPathNode, scope: Scope): Collection;
  /** Whether evaluate() would give anything. */
  exists(self: FhirPathNode, scope: Scope): boolean;
  /** As a boolean by singleton evaluation: undefined for empty. Throws Problem 'invalid' for more than one item. */
  truth(self: FhirPathNode, scope: Scope): boolean | undefined;
  /** The result, where it is the same for every input. */
  readonly constant?: Collection;
}

/** Singleton evaluation of a collection as a boolean (FHIRPath N1 §4.5). */
export const truthOf = (collection: Collection): boolean | undefined => {
  if (collection.length === 0) return undefined;
  if (collection.length > 1) throw new Problem('invalid', 'FHIRPath: a boolean was expected, several items were found');
  const value = collection[0]?.value;
  return typeof value === 'boolean' ? value : true;
};

/** The only item, or undefined for empty; throws Problem 'invalid' for more than one. */
export const single = (collection: Collection, what: string): FhirPathNode | undefined => {
  if (collection.length > 1)
    throw new Problem('invalid', `FHIRPath: ${what} needs a single item, found ${collection.length}`);
  return collection[0];
};

export const collectionExpression = (
  evaluate: (self: FhirPathNode, scope: Scope) => Collection,
  exists: (self: FhirPathNode, scope: Scope) => boolean = (self, scope) => evaluate(self, scope).length > 0,
): Expression => ({ evaluate, exists, truth: (self, scope) => truthOf(evaluate(self, scope)) });

export const booleanExpression = (truth: (self: FhirPathNode, scope: Scope) => boolean | undefined): Expression => ({
  truth,
  evaluate: (self, scope) => booleanCollection(truth(self, scope)),
  exists: (self, scope) => truth(self, scope) !== undefined,
});

/** An expression of one item or none. */
export const nodeExpression = (node: (self: FhirPathNode, scope: Scope) => FhirPathNode | undefined): Expression =>
  collectionExpression((self, scope) => {
    const result = node(self, scope);
    return result === undefined ? EMPTY : [result];
  });

export const constantExpression = (constant: Collection): Expression => ({
  constant,
  evaluate: () => constant,
  exists: () => constant.length > 0,
  truth: () => truthOf(constant),
});

/** `$this` */
export const THIS: Expression = collectionExpression(
  (self) => [self],
  () => true,
);

/** `$this` where it is a whole collection, inside iif(). */
export const BAG: Expression = collectionExpression((_self, scope) => scope.bag);
