import type { Scope } from '../environment.ts';
import { distinct, equalNodes, includes } from '../equality.ts';
import { collectionExpression, type Expression, single } from '../expression.ts';
import { type Collection, EMPTY } from '../node.ts';
import type { FunctionDefinition, FunctionTable } from './definition.ts';

const part = (take: (nodes: Collection) => Collection): FunctionDefinition => ({
  parameters: [],
  required: 0,
  build: (focus) => collectionExpression((self, scope) => take(focus.evaluate(self, scope))),
});

const countedPart = (name: string, take: (nodes: Collection, count: number) => Collection): FunctionDefinition => ({
  parameters: ['value'],
  required: 1,
  build: (focus, [count]) =>
    collectionExpression((self, scope) => {
      const given = count && single(count.evaluate(self, scope), `${name}()`)?.value;
      return typeof given === 'number' ? take(focus.evaluate(self, scope), Math.max(0, given)) : EMPTY;
    }),
});

const paired = (combine: (nodes: Collection, other: Collection, scope: Scope) => Collection): FunctionDefinition => ({
  parameters: ['value'],
  required: 1,
  build: (focus, [other]: readonly Expression[]) =>
    collectionExpression((self, scope) =>
      combine(focus.evaluate(self, scope), other?.evaluate(self, scope) ?? EMPTY, scope),
    ),
});

/** FHIRPath N1 §5.3 and §5.4. */
export const SUBSETTING: FunctionTable = {
  single: {
    parameters: [],
    required: 0,
    build: (focus) =>
      collectionExpression((self, scope) => {
        const node = single(focus.evaluate(self, scope), 'single()');
        return node === undefined ? EMPTY : [node];
      }),
  },
  first: part((nodes) => (nodes.length < 2 ? nodes : nodes.slice(0, 1))),
  last: part((nodes) => (nodes.length < 2 ? nodes : nodes.slice(-1))),
  tail: part((nodes) => nodes.slice(1)),
  skip: countedPart('skip', (nodes, count) => nodes.slice(count)),
  take: countedPart('take', (nodes, count) => nodes.slice(0, count)),
  intersect: paired((nodes, other, { environment }) =>
    distinct(
      nodes.filter((node) => includes(other, node, environment)),
      environment,
    ),
  ),
  exclude: paired((nodes, other, { environment }) =>
    nodes.filter((node) => !other.some((item) => equalNodes(item, node, environment) === true)),
  ),
  union: paired((nodes, other, { environment }) => distinct([...nodes, ...other], environment)),
  combine: paired((nodes, other) => [...nodes, ...other]),
};
