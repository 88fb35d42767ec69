import { every, some, type Told } from '../../search/three-valued.ts';
import type { DateEntry, ResourceDocument } from './documents.ts';
import type { Filter } from './filter.ts';

const listed = (condition: unknown): readonly unknown[] | undefined => {
  if (typeof condition === 'number' || typeof condition === 'string') return [condition];
  if (typeof condition !== 'object' || condition === null || !('$in' in condition)) return undefined;
  return Array.isArray(condition.$in) ? condition.$in : undefined;
};

type Test = (document: Partial<ResourceDocument>) => Told;

const all =
  (tests: readonly Test[]): Test =>
  (document) =>
    every(tests, (test) => test(document));
const any =
  (tests: readonly Test[]): Test =>
  (document) =>
    some(tests, (test) => test(document));
const not =
  (test: Test): Test =>
  (document) => {
    const result = test(document);
    return result === undefined ? undefined : !result;
  };
const unknown: Test = () => undefined;

const isExclusion = (condition: unknown): condition is { readonly $ne: number } =>
  typeof condition === 'object' && condition !== null && '$ne' in condition && typeof condition.$ne === 'number';

type Asked = Readonly<Record<string, unknown>>;
const isEntry = (asked: unknown): asked is Asked => typeof asked === 'object' && asked !== null;

const BOUNDS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  $gte: (value, bound) => value >= bound,
  $gt: (value, bound) => value > bound,
  $lte: (value, bound) => value <= bound,
  $lt: (value, bound) => value < bound,
};

/** A condition on a date entry: what `dateEntry` makes. */
function entryTest(asked: Asked): (entry: DateEntry) => boolean {
  const tests = Object.entries(asked).flatMap(([name, condition]) => {
    const its = ({ p, l, h }: DateEntry): number => (name === 'p' ? p : name === 'l' ? l : h);
    if (!isEntry(condition)) return [(entry: DateEntry) => its(entry) === condition];
    return Object.entries(condition).map(([by, bound]) => {
      const holds = BOUNDS[by];
      return (entry: DateEntry) => typeof bound === 'number' && holds?.(its(entry), bound) === true;
    });
  });
  return (entry) => tests.every((test) => test(entry));
}

/**
 * Whether a document that is not written yet satisfies a compiled condition; undefined where only the database can
 * say. Knows hashed forms and ids: what criteria of conditional interactions are made of.
 */
export const matches = (filter: Filter, document: Partial<ResourceDocument>): boolean | undefined =>
  matcher(filter)(document);

/** `matches` of one condition, made ready for many documents. */
export const matcher = (filter: Filter): Test =>
  all(Object.entries(filter).map(([field, condition]) => fieldTest(field, condition)));

function fieldTest(field: string, condition: unknown): Test {
  switch (field) {
    case '$and':
      return Array.isArray(condition) ? all(condition.map(matcher)) : unknown;
    case '$or':
      return Array.isArray(condition) ? any(condition.map(matcher)) : unknown;
    case '$nor':
      return Array.isArray(condition) ? not(any(condition.map(matcher))) : unknown;
    case 'dat': {
      const asked = isEntry(condition) ? condition['$elemMatch'] : undefined;
      if (!isEntry(asked)) return unknown;
      const test = entryTest(asked);
      return ({ dat = [] }) => dat.some(test);
    }
    case 'type':
      return ({ type }) => type === condition;
    case 'live':
      return ({ live }) => live === condition;
    case '_id': {
      const ids = listed(condition);
      return ({ _id }) => (_id === undefined ? undefined : ids?.includes(_id));
    }
    case 'key':
    case 'pkey':
    case 'full':
      return hashTest(field, condition);
    default:
      return unknown;
  }
}

function hashTest(field: 'key' | 'pkey' | 'full', condition: unknown): Test {
  const held = (document: Partial<ResourceDocument>): readonly number[] => document[field] ?? [];
  if (isExclusion(condition)) return (document) => !held(document).includes(condition.$ne);
  const hashes = listed(condition);
  return (document) => hashes?.some((hash) => typeof hash === 'number' && held(document).includes(hash));
}

/** True where `matches` needs no database for any document. */
export const decidable = (filter: Filter): boolean =>
  Object.entries(filter).every(([field, condition]): boolean => {
    if (field === '$and' || field === '$or') return Array.isArray(condition) && condition.every(decidable);
    if (field === 'type' || field === 'live') return true;
    return ['_id', 'key', 'pkey', 'full'].includes(field) && listed(condition) !== undefined;
  });

/** True where `matches` can say it of a version's hashed forms and dates alone. */
export const testable = (filter: Filter): boolean =>
  Object.entries(filter).every(([field, condition]): boolean => {
    if (field === '$and' || field === '$or' || field === '$nor')
      return Array.isArray(condition) && condition.every(testable);
    if (field === 'key' || field === 'full') return isExclusion(condition) || listed(condition) !== undefined;
    return field === 'dat';
  });
