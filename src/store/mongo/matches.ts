import type { DateEntry, ResourceDocument } from './documents.ts';
import type { Filter } from './filter.ts';

const listed = (condition: unknown): readonly unknown[] | undefined => {
  if (typeof condition === 'number' || typeof condition === 'string') return [condition];
  if (typeof condition !== 'object' || condition === null || !('$in' in condition)) return undefined;
  return Array.isArray(condition.$in) ? condition.$in : undefined;
};

const all = (results: readonly (boolean | undefined)[]): boolean | undefined =>
  results.includes(false) ? false : results.includes(undefined) ? undefined : true;
const any = (results: readonly (boolean | undefined)[]): boolean | undefined =>
  results.includes(true) ? true : results.includes(undefined) ? undefined : false;

const not = (result: boolean | undefined): boolean | undefined => (result === undefined ? undefined : !result);

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
const within = (asked: Asked, entry: DateEntry): boolean =>
  Object.entries(asked).every(([name, condition]) => {
    const value = name === 'p' ? entry.p : name === 'l' ? entry.l : entry.h;
    if (!isEntry(condition)) return value === condition;
    return Object.entries(condition).every(([by, bound]) => typeof bound === 'number' && BOUNDS[by]?.(value, bound));
  });

/**
 * Whether a document that is not written yet satisfies a compiled condition; undefined where only the database can
 * say. Knows hashed forms and ids: what criteria of conditional interactions are made of.
 */
export function matches(filter: Filter, document: Partial<ResourceDocument>): boolean | undefined {
  return all(
    Object.entries(filter).map(([field, condition]): boolean | undefined => {
      switch (field) {
        case '$and':
          return Array.isArray(condition) ? all(condition.map((f: Filter) => matches(f, document))) : undefined;
        case '$or':
          return Array.isArray(condition) ? any(condition.map((f: Filter) => matches(f, document))) : undefined;
        case '$nor':
          return Array.isArray(condition) ? not(any(condition.map((f: Filter) => matches(f, document)))) : undefined;
        case 'dat': {
          const asked: unknown = condition?.$elemMatch;
          return isEntry(asked) ? (document.dat ?? []).some((entry) => within(asked, entry)) : undefined;
        }
        case 'type':
          return document.type === condition;
        case 'live':
          return document.live === condition;
        case '_id':
          return document._id === undefined ? undefined : listed(condition)?.includes(document._id);
        case 'key':
        case 'pkey':
        case 'full': {
          const held: readonly number[] = document[field] ?? [];
          if (isExclusion(condition)) return !held.includes(condition.$ne);
          return listed(condition)?.some((hash) => typeof hash === 'number' && held.includes(hash));
        }
        default:
          return undefined;
      }
    }),
  );
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
