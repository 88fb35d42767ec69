import { isObject, type Json } from '../resource.ts';
import type { Environment } from './environment.ts';
import type { Collection, FhirPathNode } from './node.ts';
import { compareQuantities, isQuantity, quantityOf } from './quantity.ts';
import { compareTemporal, isTemporal, temporalOf } from './temporal.ts';

/** Same JSON, whatever the order of members. */
export const sameJson = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item: Json, index) => sameJson(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const members = Object.keys(a);
  return members.length === Object.keys(b).length && members.every((member) => sameJson(a[member], b[member]));
};

/** `=` of two items; undefined where precision or units leave it open (FHIRPath N1 §6.1). */
export const equalNodes = (a: FhirPathNode, b: FhirPathNode, environment: Environment): boolean | undefined => {
  const left = a.value;
  const right = b.value;
  if (left === undefined || right === undefined) return left === right ? sameJson(a.companion, b.companion) : undefined;
  if (typeof left === 'string' && typeof right === 'string') {
    if (left === right) return true;
    if (!isTemporal(a) && !isTemporal(b)) return false;
    const [one, other] = [temporalOf(a), temporalOf(b)];
    if (one === undefined || other === undefined || one.family !== other.family) return false;
    const order = compareTemporal(one, other);
    return order === undefined ? undefined : order === 0;
  }
  if (isQuantity(a) || isQuantity(b)) {
    if (sameJson(left, right)) return true;
    const [one, other] = [quantityOf(a), quantityOf(b)];
    if (one === undefined || other === undefined) return false;
    const order = compareQuantities(one, other, environment);
    return order === undefined ? undefined : order === 0;
  }
  return sameJson(left, right);
};

/** `=` of collections: item by item, in order. */
export const equal = (a: Collection, b: Collection, environment: Environment): boolean | undefined => {
  if (a.length === 0 || b.length === 0) return undefined;
  if (a.length !== b.length) return false;
  let result: boolean | undefined = true;
  for (let index = 0; index < a.length; index++) {
    const [one, other] = [a[index], b[index]];
    const same = one && other && equalNodes(one, other, environment);
    if (same === false) return false;
    if (same === undefined) result = undefined;
  }
  return result;
};

const folded = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();

const decimals = (value: number): number => {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent));
};

const equivalentJson = (a: Json | undefined, b: Json | undefined): boolean => {
  if (typeof a === 'string' && typeof b === 'string') return folded(a) === folded(b);
  if (typeof a === 'number' && typeof b === 'number') {
    const precision = Math.min(decimals(a), decimals(b), 15);
    return a.toFixed(precision) === b.toFixed(precision);
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    const rest: Json[] = [...b];
    return a.every((item: Json) => removeFirst(rest, (other) => equivalentJson(item, other)));
  }
  if (!isObject(a) || !isObject(b)) return a === b;
  // An element's id is no part of its meaning.
  const members = (value: object) => Object.keys(value).filter((member) => member !== 'id');
  const own = members(a);
  return own.length === members(b).length && own.every((member) => equivalentJson(a[member], b[member]));
};

const removeFirst = <T>(list: T[], matches: (item: T) => boolean): boolean => {
  const index = list.findIndex(matches);
  if (index >= 0) list.splice(index, 1);
  return index >= 0;
};

/** `~` of two items (FHIRPath N1 §6.1). */
export const equivalentNodes = (a: FhirPathNode, b: FhirPathNode, environment: Environment): boolean => {
  if (isTemporal(a) || isTemporal(b)) {
    const [one, other] = [temporalOf(a), temporalOf(b)];
    if (one && other) return one.precision === other.precision && compareTemporal(one, other) === 0;
  }
  if (isQuantity(a) || isQuantity(b)) {
    const [one, other] = [quantityOf(a), quantityOf(b)];
    if (one && other) return compareQuantities(one, other, environment) === 0;
  }
  return equivalentJson(a.value, b.value);
};

/** `~` of collections: the same items in any order; two empty ones are equivalent. */
export const equivalent = (a: Collection, b: Collection, environment: Environment): boolean => {
  if (a.length !== b.length) return false;
  const rest = [...b];
  return a.every((item) => removeFirst(rest, (other) => equivalentNodes(item, other, environment)));
};

const MANY = 8;

/** The items without repetition, in order of first appearance. */
export const distinct = (items: Collection, environment: Environment): Collection => {
  if (items.length < 2) return items;
  const result: FhirPathNode[] = [];
  // Plain values are told apart by a set; only the rest must be compared pair by pair.
  const seen = items.length > MANY ? new Set<Json | undefined>() : undefined;
  for (const item of items) {
    if (seen && typeof item.value !== 'object' && item.value !== undefined && !isTemporal(item)) {
      if (seen.has(item.value)) continue;
      seen.add(item.value);
      result.push(item);
    } else if (!includes(result, item, environment)) {
      result.push(item);
    }
  }
  return result;
};

/** Whether some item equals the node. */
export const includes = (items: Collection, node: FhirPathNode, environment: Environment): boolean => {
  for (const item of items) if (equalNodes(item, node, environment) === true) return true;
  return false;
};
