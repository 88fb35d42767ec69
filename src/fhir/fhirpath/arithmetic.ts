import { joined } from './functions/text-limit.ts';
import { Problem } from '../problem.ts';
import type { Scope } from './environment.ts';
import { decimalNode, type FhirPathNode, integerNode, stringNode } from './node.ts';
import { convert, isQuantity, type QuantityOf, quantityNode, quantityOf } from './quantity.ts';
import { addToTemporal } from './temporal-arithmetic.ts';
import { temporalOf } from './temporal.ts';
import { isIntegerNode } from './type-test.ts';

export type Arithmetic = '+' | '-' | '*' | '/' | 'div' | 'mod';

/** FHIRPath decimals are decimal: 0.1 + 0.2 is 0.3. */
export const exact = (value: number): number => Number(value.toPrecision(15));

/** `a operator b`; undefined where the result is empty (division by zero, a valueless operand). Throws Problem 'invalid' for kinds that do not go together. */
export const calculate = (
  operator: Arithmetic,
  a: FhirPathNode,
  b: FhirPathNode,
  scope: Scope,
): FhirPathNode | undefined => {
  const [left, right] = [a.value, b.value];
  if (left === undefined || right === undefined) return undefined;
  if (typeof left === 'number' && typeof right === 'number') {
    const result = numbers(operator, left, right);
    if (result === undefined) return undefined;
    const integer = operator === 'div' || (operator !== '/' && isIntegerNode(a) && isIntegerNode(b));
    return integer ? integerNode(result) : decimalNode(exact(result));
  }
  if (typeof left === 'string') {
    if (operator === '+' && typeof right === 'string') return stringNode(joined([left, right], ''));
    const amount = isQuantity(b) ? quantityOf(b) : undefined;
    if (amount && (operator === '+' || operator === '-') && temporalOf(a)) {
      return addToTemporal(a, amount, operator === '+' ? 1 : -1);
    }
  }
  const [one, other] = [quantityOf(a), quantityOf(b)];
  if (one && other && typeof left !== typeof 'text') return quantities(operator, one, other, scope);
  throw new Problem(
    'invalid',
    `FHIRPath: '${operator}' does not go with ${a.type ?? typeof left} and ${b.type ?? typeof right}`,
  );
};

const numbers = (operator: Arithmetic, a: number, b: number): number | undefined => {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : a / b;
    case 'div':
      return b === 0 ? undefined : Math.trunc(exact(a / b));
    case 'mod':
      return b === 0 ? undefined : a % b;
    default:
      return operator satisfies never;
  }
};

const quantities = (operator: Arithmetic, a: QuantityOf, b: QuantityOf, scope: Scope): FhirPathNode | undefined => {
  if (operator === '+' || operator === '-') {
    const other = convert(b, a.unit, scope.environment);
    return other === undefined
      ? undefined
      : quantityNode(exact(operator === '+' ? a.value + other : a.value - other), a.unit);
  }
  if (operator === '*' && (a.unit === '1' || b.unit === '1')) {
    return quantityNode(exact(a.value * b.value), a.unit === '1' ? b.unit : a.unit);
  }
  if (operator === '/') {
    if (b.value === 0) return undefined;
    if (b.unit === '1') return quantityNode(exact(a.value / b.value), a.unit);
    const other = convert(b, a.unit, scope.environment);
    return other === undefined ? undefined : quantityNode(exact(a.value / other), '1');
  }
  return undefined;
};
