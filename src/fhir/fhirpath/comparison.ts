import { Problem } from '../problem.ts';
import type { Environment } from './environment.ts';
import type { FhirPathNode } from './node.ts';
import { compareQuantities, isQuantity, quantityOf } from './quantity.ts';
import { compareTemporal, isTemporal, temporalOf } from './temporal.ts';

/** Order of two items: negative, 0 or positive; undefined where it cannot be told. Throws Problem 'invalid' for kinds that have no order. */
export const compareNodes = (a: FhirPathNode, b: FhirPathNode, environment: Environment): number | undefined => {
  const left = a.value;
  const right = b.value;
  if (left === undefined || right === undefined) return undefined;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') {
    const typed = isTemporal(a) || isTemporal(b);
    if (typed || (a.type === undefined && b.type === undefined)) {
      const [one, other] = [temporalOf(a), temporalOf(b)];
      if (one && other) return compareTemporal(one, other);
      if (typed) return undefined;
    }
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (isQuantity(a) || isQuantity(b) || (a.type === undefined && typeof left === 'object')) {
    const [one, other] = [quantityOf(a), quantityOf(b)];
    return one && other ? compareQuantities(one, other, environment) : undefined;
  }
  throw new Problem('invalid', `FHIRPath: ${a.type ?? typeof left} and ${b.type ?? typeof right} have no order`);
};
