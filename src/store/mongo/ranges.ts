import type { Range, ValueRange } from '../../search/query.ts';

/** A condition on one numeric field, as MongoDB writes it. */
export interface Bounds {
  $gte?: number;
  $gt?: number;
  $lte?: number;
  $lt?: number;
}

const bounds = (
  gte: number | undefined,
  gt: number | undefined,
  lte: number | undefined,
  lt: number | undefined,
): Bounds | undefined =>
  gte === undefined && gt === undefined && lte === undefined && lt === undefined
    ? undefined
    : {
        ...(gte !== undefined && { $gte: gte }),
        ...(gt !== undefined && { $gt: gt }),
        ...(lte !== undefined && { $lte: lte }),
        ...(lt !== undefined && { $lt: lt }),
      };

const least = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.min(a, b);
const most = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : Math.max(a, b);

/**
 * What a range says of the stored low end. A low end lies at or before its high end, so a bound from above on the
 * high end bounds it too: that closes the index interval.
 */
export const lowBounds = (r: Range): Bounds | undefined =>
  bounds(r.lowAtLeast, r.lowAbove, least(r.lowAtMost, r.highAtMost), least(r.lowBelow, r.highBelow));

/** What a range says of the stored high end. */
export const highBounds = (r: Range): Bounds | undefined =>
  bounds(most(r.highAtLeast, r.lowAtLeast), most(r.highAbove, r.lowAbove), r.highAtMost, r.highBelow);

/** What a range and a value range say of the number as written, which lies between the ends. */
export function valueBounds(range: Range | undefined, value: ValueRange | undefined): Bounds | undefined {
  return bounds(
    most(value?.atLeast, range?.lowAtLeast ?? range?.lowAbove),
    value?.above,
    least(value?.atMost, range?.highAtMost ?? range?.highBelow),
    value?.below,
  );
}
