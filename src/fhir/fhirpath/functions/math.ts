import { Problem } from '../../problem.ts';
import { calculate, exact } from '../arithmetic.ts';
import { compareNodes } from '../comparison.ts';
import type { Scope } from '../environment.ts';
import { nodeExpression } from '../expression.ts';
import { decimalNode, type FhirPathNode, integerNode } from '../node.ts';
import { quantityNode, quantityOf } from '../quantity.ts';
import { isIntegerNode } from '../type-test.ts';
import { type FunctionDefinition, type FunctionTable, ofNode } from './definition.ts';

const numeric = (
  name: string,
  parameters: readonly [required: number, optional: number],
  apply: (value: number, argument: number | undefined) => number,
  result: 'integer' | 'decimal' | 'same' = 'decimal',
): FunctionDefinition =>
  ofNode(name, parameters[0], parameters[1], (node, _scope, [argument]) => {
    const value = node.value;
    if (typeof value !== 'number') throw new Problem('invalid', `FHIRPath: ${name}() needs a number`);
    const made = apply(value, typeof argument?.value === 'number' ? argument.value : undefined);
    if (!Number.isFinite(made)) return undefined;
    const integer = result === 'integer' || (result === 'same' && isIntegerNode(node) && Number.isInteger(made));
    return integer ? integerNode(made) : decimalNode(exact(made));
  });

const rounded = (value: number, precision = 0): number => {
  const scaled = exact(Math.abs(value) * 10 ** precision);
  return (Math.sign(value) * Math.round(scaled)) / 10 ** precision;
};

const folded = (
  combine: (total: FhirPathNode, node: FhirPathNode, scope: Scope) => FhirPathNode | undefined,
): FunctionDefinition => ({
  parameters: [],
  required: 0,
  build: (focus) =>
    nodeExpression((self, scope) => {
      let total: FhirPathNode | undefined;
      for (const node of focus.evaluate(self, scope)) {
        total = total === undefined ? node : combine(total, node, scope);
        if (total === undefined) return undefined;
      }
      return total;
    }),
});

const extreme = (sign: 1 | -1): FunctionDefinition =>
  folded((total, node, scope) => {
    const order = compareNodes(node, total, scope.environment);
    return order === undefined ? undefined : order * sign > 0 ? node : total;
  });

const sum = folded((total, node, scope) => calculate('+', total, node, scope));

/** FHIRPath N1 §5.7, and the aggregates of the following release. */
export const MATH: FunctionTable = {
  abs: ofNode('abs', 0, 0, (node) => {
    if (typeof node.value === 'number') {
      const value = Math.abs(node.value);
      return isIntegerNode(node) ? integerNode(value) : decimalNode(value);
    }
    const quantity = quantityOf(node);
    return quantity && quantityNode(Math.abs(quantity.value), quantity.unit);
  }),
  ceiling: numeric('ceiling', [0, 0], Math.ceil, 'integer'),
  floor: numeric('floor', [0, 0], Math.floor, 'integer'),
  truncate: numeric('truncate', [0, 0], Math.trunc, 'integer'),
  round: numeric('round', [0, 1], rounded),
  exp: numeric('exp', [0, 0], Math.exp),
  ln: numeric('ln', [0, 0], Math.log),
  log: numeric('log', [1, 0], (value, base = 10) => Math.log(value) / Math.log(base)),
  power: numeric('power', [1, 0], (value, exponent = 1) => value ** exponent, 'same'),
  sqrt: numeric('sqrt', [0, 0], Math.sqrt),
  sum,
  min: extreme(-1),
  max: extreme(1),
  avg: {
    parameters: [],
    required: 0,
    build: (focus, args, call) => {
      const total = sum.build(focus, args, call);
      return nodeExpression((self, scope) => {
        const node = total.evaluate(self, scope)[0];
        return node && calculate('/', node, integerNode(focus.evaluate(self, scope).length), scope);
      });
    },
  },
};
