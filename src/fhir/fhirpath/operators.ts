import { joined } from './functions/text-limit.ts';
import { calculate } from './arithmetic.ts';
import { compareNodes } from './comparison.ts';
import type { Scope } from './environment.ts';
import { distinct, equal, equivalent, includes } from './equality.ts';
import {
  booleanExpression,
  collectionExpression,
  constantExpression,
  type Expression,
  nodeExpression,
  single,
} from './expression.ts';
import { MANY, MemberPath, VALUELESS } from './member-path.ts';
import { type FhirPathNode, stringNode } from './node.ts';

type Operator = (left: Expression, right: Expression) => Expression;

const equality: Operator = (left, right) => {
  const constant = right.constant?.length === 1 ? right.constant[0] : undefined;
  const wanted = constant?.value;
  // `status = 'final'` needs no nodes; dates and quantities do.
  const plain =
    typeof wanted === 'boolean' ||
    typeof wanted === 'number' ||
    (typeof wanted === 'string' && constant?.type === 'System.String');
  if (left instanceof MemberPath && plain) {
    return booleanExpression((self, scope) => {
      const value = left.single(self, scope);
      if (value === undefined || value === VALUELESS) return undefined;
      if (value === MANY) return false;
      if (typeof value === 'object')
        return equal(left.evaluate(self, scope), right.evaluate(self, scope), scope.environment);
      return value === wanted;
    });
  }
  return booleanExpression((self, scope) =>
    equal(left.evaluate(self, scope), right.evaluate(self, scope), scope.environment),
  );
};

const negated = (expression: Expression): Expression =>
  booleanExpression((self, scope) => {
    const truth = expression.truth(self, scope);
    return truth === undefined ? undefined : !truth;
  });

const equivalence: Operator = (left, right) =>
  booleanExpression((self, scope) =>
    equivalent(left.evaluate(self, scope), right.evaluate(self, scope), scope.environment),
  );

const order =
  (holds: (order: number) => boolean): Operator =>
  (left, right) =>
    booleanExpression((self, scope) => {
      const a = single(left.evaluate(self, scope), 'a comparison');
      const b = single(right.evaluate(self, scope), 'a comparison');
      if (a === undefined || b === undefined) return undefined;
      const result = compareNodes(a, b, scope.environment);
      if (result !== undefined) return holds(result);
      scope.undecided = true;
      return undefined;
    });

const arithmetic =
  (operator: '+' | '-' | '*' | '/' | 'div' | 'mod'): Operator =>
  (left, right) =>
    nodeExpression((self, scope) => {
      const a = single(left.evaluate(self, scope), `'${operator}'`);
      const b = single(right.evaluate(self, scope), `'${operator}'`);
      return a && b && calculate(operator, a, b, scope);
    });

const concatenation: Operator = (left, right) =>
  nodeExpression((self, scope) =>
    stringNode(
      joined(
        [left, right].map((side) => single(side.evaluate(self, scope), "'&'")?.text ?? ''),
        '',
      ),
    ),
  );

const union: Operator = (left, right) => {
  if (left.constant && right.constant) return constantExpression(distinct([...left.constant, ...right.constant], {}));
  return collectionExpression(
    (self, scope) => {
      const a = left.evaluate(self, scope);
      const b = right.evaluate(self, scope);
      if (b.length === 0) return distinct(a, scope.environment);
      return distinct(a.length === 0 ? b : [...a, ...b], scope.environment);
    },
    (self, scope) => left.exists(self, scope) || right.exists(self, scope),
  );
};

const membership = (
  element: (self: FhirPathNode, scope: Scope) => FhirPathNode | undefined,
  list: Expression,
): Expression => {
  const texts = list.constant?.every((node) => node.type === 'System.String')
    ? new Set(list.constant.map((node) => node.value))
    : undefined;
  return booleanExpression((self, scope) => {
    const node = element(self, scope);
    if (node === undefined) return undefined;
    return texts ? texts.has(node.value) : includes(list.evaluate(self, scope), node, scope.environment);
  });
};

export const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['=', equality],
  ['!=', (left, right) => negated(equality(left, right))],
  ['~', equivalence],
  ['!~', (left, right) => negated(equivalence(left, right))],
  ['<', order((result) => result < 0)],
  ['>', order((result) => result > 0)],
  ['<=', order((result) => result <= 0)],
  ['>=', order((result) => result >= 0)],
  ['+', arithmetic('+')],
  ['-', arithmetic('-')],
  ['*', arithmetic('*')],
  ['/', arithmetic('/')],
  ['div', arithmetic('div')],
  ['mod', arithmetic('mod')],
  ['&', concatenation],
  ['|', union],
  ['in', (left, right) => membership((self, scope) => single(left.evaluate(self, scope), "'in'"), right)],
  ['contains', (left, right) => membership((self, scope) => single(right.evaluate(self, scope), "'contains'"), left)],
  [
    'and',
    (left, right) =>
      booleanExpression((self, scope) => {
        const a = left.truth(self, scope);
        if (a === false) return false;
        const b = right.truth(self, scope);
        return b === false ? false : a === undefined ? undefined : b;
      }),
  ],
  [
    'or',
    (left, right) =>
      booleanExpression((self, scope) => {
        const a = left.truth(self, scope);
        if (a === true) return true;
        const b = right.truth(self, scope);
        return b === true ? true : a === undefined ? undefined : b;
      }),
  ],
  [
    'xor',
    (left, right) =>
      booleanExpression((self, scope) => {
        const a = left.truth(self, scope);
        const b = right.truth(self, scope);
        return a === undefined || b === undefined ? undefined : a !== b;
      }),
  ],
  [
    'implies',
    (left, right) =>
      booleanExpression((self, scope) => {
        const a = left.truth(self, scope);
        if (a === false) return true;
        const b = right.truth(self, scope);
        return b === true ? true : a === undefined ? undefined : b;
      }),
  ],
]);
