import type { NearPredicate } from '../../search/query.ts';
import type { Filter } from './filter.ts';
import { forms, type Hash } from './hashes.ts';

/** Group entries keep x, y and z as the only number of components 0 to 2. */
const coordinate = (n: number) => ({ $arrayElemAt: [{ $arrayElemAt: ['$$g.c.num.v', n] }, 0] });

/** A position within the distance: first a box, which is cheap to test, then the sphere. */
export function nearFilter(hash: Hash, type: string, { param, center, chord }: NearPredicate): Filter {
  const p = hash(forms.values(type, param));
  const box = Object.fromEntries(
    center.map((c, n) => [`c.${n}.num`, { $elemMatch: { v: { $gte: c - chord, $lte: c + chord } } }]),
  );
  const distances = center.map((c, n) => ({ $pow: [{ $subtract: [coordinate(n), c] }, 2] }));
  const mine = { $filter: { input: '$grp', as: 'g', cond: { $eq: ['$$g.p', p] } } };
  const inside = { $lte: [{ $add: distances }, chord ** 2] };
  return {
    $and: [
      { grp: { $elemMatch: { p, ...box } } },
      { $expr: { $anyElementTrue: [{ $map: { input: mine, as: 'g', in: inside } }] } },
    ],
  };
}
