import { literal } from '../../src/fhir/json.ts';
import { isObject, type Json } from '../../src/fhir/resource.ts';

/** Equal but for the order of members, of which XML has one of its own; the literals of numbers count. */
export const sameJson = (a: Json | undefined, b: Json | undefined): boolean => {
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, at) => sameJson(item, b[at]) && (typeof item !== 'number' || literal(a, at) === literal(b, at)))
    );
  }
  if (!isObject(a)) return a === b;
  const names = Object.keys(a);
  return (
    isObject(b) &&
    names.length === Object.keys(b).length &&
    names.every(
      (name) => sameJson(a[name], b[name]) && (typeof a[name] !== 'number' || literal(a, name) === literal(b, name)),
    )
  );
};
