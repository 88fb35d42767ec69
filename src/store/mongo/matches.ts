import type { ResourceDocument } from './documents.ts';
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

/**
 * Whether a document that is not written yet satisfies a compiled condition; undefined where only the database can
 * say. Knows hashed forms and ids: what criteria of conditional interactions are made of.
 */
export function matches(filter: Filter, document: ResourceDocument): boolean | undefined {
  return all(
    Object.entries(filter).map(([field, condition]): boolean | undefined => {
      switch (field) {
        case '$and':
          return Array.isArray(condition) ? all(condition.map((f: Filter) => matches(f, document))) : undefined;
        case '$or':
          return Array.isArray(condition) ? any(condition.map((f: Filter) => matches(f, document))) : undefined;
        case 'type':
          return document.type === condition;
        case 'live':
          return document.live === condition;
        case '_id':
          return listed(condition)?.includes(document._id);
        case 'key':
        case 'pkey':
        case 'full': {
          const held: readonly number[] = document[field] ?? [];
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
