import { distinct, includes } from '../equality.ts';
import { booleanExpression, collectionExpression, type Expression, nodeExpression } from '../expression.ts';
import { integerNode } from '../node.ts';
import type { FunctionDefinition, FunctionTable } from './definition.ts';
import { someMatch } from './filtering.ts';

/** allTrue() and its kin: whether the items' booleans are all, or any, the wanted one. */
const booleans = (wanted: boolean, quantifier: 'every' | 'some'): FunctionDefinition => ({
  parameters: [],
  required: 0,
  build: (focus) =>
    booleanExpression((self, scope) => focus.evaluate(self, scope)[quantifier]((node) => node.value === wanted)),
});

const contained = (inner: Expression, outer: Expression): Expression =>
  booleanExpression((self, scope) => {
    const list = outer.evaluate(self, scope);
    return inner.evaluate(self, scope).every((node) => includes(list, node, scope.environment));
  });

/** FHIRPath N1 §5.1. */
export const EXISTENCE: FunctionTable = {
  empty: {
    parameters: [],
    required: 0,
    build: (focus) => booleanExpression((self, scope) => !focus.exists(self, scope)),
  },
  exists: {
    parameters: ['each'],
    required: 0,
    build: (focus, [criteria]) =>
      booleanExpression((self, scope) =>
        criteria === undefined ? focus.exists(self, scope) : someMatch(focus.evaluate(self, scope), criteria, scope),
      ),
  },
  all: {
    parameters: ['each'],
    required: 1,
    build: (focus, [criteria]) =>
      booleanExpression((self, scope) => {
        const outer = scope.index;
        const nodes = focus.evaluate(self, scope);
        let result = true;
        for (let index = 0; index < nodes.length && result; index++) {
          const node = nodes[index];
          scope.index = index;
          result = node === undefined || criteria?.truth(node, scope) === true;
        }
        scope.index = outer;
        return result;
      }),
  },
  allTrue: booleans(true, 'every'),
  allFalse: booleans(false, 'every'),
  anyTrue: booleans(true, 'some'),
  anyFalse: booleans(false, 'some'),
  subsetOf: {
    parameters: ['value'],
    required: 1,
    build: (focus, [other]) => (other ? contained(focus, other) : focus),
  },
  supersetOf: {
    parameters: ['value'],
    required: 1,
    build: (focus, [other]) => (other ? contained(other, focus) : focus),
  },
  count: {
    parameters: [],
    required: 0,
    build: (focus) => nodeExpression((self, scope) => integerNode(focus.evaluate(self, scope).length)),
  },
  distinct: {
    parameters: [],
    required: 0,
    build: (focus) => collectionExpression((self, scope) => distinct(focus.evaluate(self, scope), scope.environment)),
  },
  isDistinct: {
    parameters: [],
    required: 0,
    build: (focus) =>
      booleanExpression((self, scope) => {
        const nodes = focus.evaluate(self, scope);
        return distinct(nodes, scope.environment).length === nodes.length;
      }),
  },
  not: {
    parameters: [],
    required: 0,
    build: (focus) =>
      booleanExpression((self, scope) => {
        const truth = focus.truth(self, scope);
        return truth === undefined ? undefined : !truth;
      }),
  },
};
