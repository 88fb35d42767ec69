import type { mongo } from 'mongoose';
import type { Range } from '../../search/query.ts';
import type { ResourceDocument } from './documents.ts';

/** A condition on current resources. */
export type Filter = mongo.Filter<ResourceDocument>;

export const NOTHING: Filter = { _id: { $in: [] } };

/** One condition or the hashes of several alternatives. */
export const oneOf = (values: readonly number[]): number | { $in: number[] } =>
  values.length === 1 && values[0] !== undefined ? values[0] : { $in: [...values] };

/**
 * A predicate compiled: `filter` is exact; the others must hold wherever it holds, and say by which index path the
 * matches can be reached.
 */
export interface Compiled {
  readonly filter: Filter;
  /** Any of these starting points; the smaller `rank`, the fewer resources usually share one. */
  readonly keys?: { readonly values: readonly number[]; readonly rank: number };
  /** Logical ids of patients, one of which the resource refers to. */
  readonly patients?: readonly string[];
  /** Codes of a parameter that has paths below the patient. */
  readonly codes?: { readonly param: string; readonly values: readonly string[] };
  /** What is asked of the main date. */
  readonly mainDate?: Range;
}
