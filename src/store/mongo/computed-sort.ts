import type { mongo } from 'mongoose';
import type { Cursor, Query, Sort } from '../../search/query.ts';
import { forms, type Hash } from './hashes.ts';
import type { Position } from './sort-plan.ts';

type Stage = mongo.Document;
type Expression = mongo.Document | string;

/** Where the values of each kind are kept: the array, and the field of its entries for the lower and the upper end. */
const VALUES: Readonly<Record<Exclude<Sort['kind'], 'id' | 'lastUpdated'>, readonly [string, string, string]>> = {
  token: ['codes', 'c', 'c'],
  string: ['str', 'f', 'f'],
  uri: ['str', 'f', 'f'],
  date: ['dat', 'l', 'h'],
  number: ['num', 'v', 'v'],
  quantity: ['num', 'v', 'v'],
  reference: ['links', 't', 't'],
};

/** The value a row sorts by: of several the lowest upwards, the highest downwards; null where there is none. */
function sortValue(hash: Hash, types: readonly string[], sort: Sort): Expression {
  if (sort.kind === 'id') return '$_id';
  if (sort.kind === 'lastUpdated') return '$seq';
  const [array, low, high] = VALUES[sort.kind];
  const ends = (form: (type: string, param: string) => string): Expression => {
    const mine = types.map((type) => hash(form(type, sort.param)));
    const input = { $filter: { input: { $ifNull: [`$${array}`, []] }, as: 'v', cond: { $in: ['$$v.p', mine] } } };
    return { $map: { input, as: 'v', in: `$$v.${sort.descending ? high : low}` } };
  };
  const best = (values: Expression): Expression => ({ [sort.descending ? '$max' : '$min']: values });
  const asWritten = best(ends(forms.values));
  // 500 g is less than 2 kg: where a unit is known, its base counts.
  return sort.kind === 'quantity' ? { $ifNull: [best(ends(forms.canonical)), asWritten] } : asWritten;
}

/** Rows after (or before) the position: equal in the first keys and beyond in the next, missing values last. */
function beyond(sorts: readonly Sort[], cursor: Cursor): Stage {
  const backwards = cursor.direction === 'previous';
  const branches: Stage[] = [];
  const equal: Stage = {};
  for (const [i, sort] of sorts.entries()) {
    const value = cursor.position[i] ?? null;
    const down = sort.descending !== backwards;
    const [field, missing] = [`s${i}`, `m${i}`];
    if (value === null) {
      if (backwards) branches.push({ ...equal, [missing]: 0 });
      equal[missing] = 1;
    } else {
      branches.push({ ...equal, [missing]: 0, [field]: { [down ? '$lt' : '$gt']: value } });
      if (!backwards) branches.push({ ...equal, [missing]: 1 });
      equal[field] = value;
    }
  }
  branches.push({ ...equal, seq: { [backwards ? '$gt' : '$lt']: cursor.position[sorts.length] } });
  return { $or: branches };
}

/** Stages that put matches in an order which no index has: computed, kept to a page's rows, told with their sort values. */
export function computedSort(hash: Hash, query: Query, limit: number): Stage[] {
  const { sort: sorts, types, cursor } = query;
  const backwards = cursor?.direction === 'previous';
  const way = (descending: boolean): 1 | -1 => (descending !== backwards ? -1 : 1);
  const values: Stage = {};
  const missing: Stage = {};
  const order: Record<string, 1 | -1> = {};
  for (const [i, sort] of sorts.entries()) {
    values[`s${i}`] = sortValue(hash, types, sort);
    missing[`m${i}`] = { $cond: [{ $eq: [{ $ifNull: [`$s${i}`, null] }, null] }, 1, 0] };
    order[`m${i}`] = backwards ? -1 : 1;
    order[`s${i}`] = way(sort.descending);
  }
  // Among equals the newest comes first.
  order['seq'] = backwards ? 1 : -1;
  return [
    { $addFields: values },
    { $addFields: missing },
    ...(cursor ? [{ $match: beyond(sorts, cursor) }] : []),
    { $sort: order },
    { $limit: limit },
  ];
}

/** The place of a row in a computed order. */
export const computedPosition = (sorts: readonly Sort[], row: mongo.Document): Position => [
  ...sorts.map((_, i): string | number | null => {
    const value: unknown = row[`s${i}`];
    return typeof value === 'string' || typeof value === 'number' ? value : null;
  }),
  Number(row['seq']),
];
