import { isObject } from '../../fhir/resource.ts';

/** Equality of JSON values, the order of members aside (ElementDefinition.fixed[x]). */
export const isFixed = (value: unknown, fixed: unknown): boolean => {
  if (Array.isArray(fixed)) {
    return Array.isArray(value) && value.length === fixed.length && fixed.every((item, at) => isFixed(value[at], item));
  }
  if (!isObject(fixed)) return value === fixed;
  if (!isObject(value)) return false;
  const names = Object.keys(fixed);
  return Object.keys(value).length === names.length && names.every((name) => isFixed(value[name], fixed[name]));
};

/** Whether the value has at least what the pattern has; of an array, some item for each of the pattern's (ElementDefinition.pattern[x]). */
export const hasPattern = (value: unknown, pattern: unknown): boolean => {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((item) => value.some((candidate) => hasPattern(candidate, item)));
  }
  if (!isObject(pattern)) return value === pattern;
  return isObject(value) && Object.keys(pattern).every((name) => hasPattern(value[name], pattern[name]));
};

/** fixed[x] or pattern[x] of an element definition. */
export interface Expected {
  readonly kind: 'fixed' | 'pattern';
  readonly value: unknown;
}

export const expectedOf = (element: Readonly<Record<string, unknown>>): Expected | undefined => {
  for (const name in element) {
    if (/^fixed[A-Z]/.test(name)) return { kind: 'fixed', value: element[name] };
    if (/^pattern[A-Z]/.test(name)) return { kind: 'pattern', value: element[name] };
  }
  return undefined;
};

export const meets = (value: unknown, { kind, value: wanted }: Expected): boolean =>
  kind === 'fixed' ? isFixed(value, wanted) : hasPattern(value, wanted);
