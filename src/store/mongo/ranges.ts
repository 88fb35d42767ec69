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

const shifted = (bound: number | undefined, by: number): number | undefined =>
  bound === undefined || !Number.isFinite(by) ? undefined : bound + by;

/**
 * What a range says of the stored low end. It lies at or before the high end, and no further than `span` (ms) before
 * it, so that bounds on the high end bound it too: that closes the index interval.
 */
export const lowBounds = (r: Range, span = Number.POSITIVE_INFINITY): Bounds | undefined =>
  bounds(
    most(r.lowAtLeast, shifted(r.highAtLeast, -span)),
    most(r.lowAbove, shifted(r.highAbove, -span)),
    least(r.lowAtMost, r.highAtMost),
    least(r.lowBelow, r.highBelow),
  );

/** What a range says of the stored high end, the interval being no longer than `span` (ms). */
export const highBounds = (r: Range, span = Number.POSITIVE_INFINITY): Bounds | undefined =>
  bounds(
    most(r.highAtLeast, r.lowAtLeast),
    most(r.highAbove, r.lowAbove),
    least(r.highAtMost, shifted(r.lowAtMost, span)),
    least(r.highBelow, shifted(r.lowBelow, span)),
  );

/** Conditions on the lowest start and the highest end of a resource's main dates. */
export interface DateBounds {
  readonly date?: Bounds;
  readonly dateEnd?: Bounds;
}

/** What holds where all of the ranges do. */
export function intersection(ranges: readonly Range[]): Range | undefined {
  const [first, ...others] = ranges;
  return others.reduce((a: Range | undefined, b): Range => {
    const both = {
      lowAtLeast: most(a?.lowAtLeast, b.lowAtLeast),
      lowAbove: most(a?.lowAbove, b.lowAbove),
      lowAtMost: least(a?.lowAtMost, b.lowAtMost),
      lowBelow: least(a?.lowBelow, b.lowBelow),
      highAtLeast: most(a?.highAtLeast, b.highAtLeast),
      highAbove: most(a?.highAbove, b.highAbove),
      highAtMost: least(a?.highAtMost, b.highAtMost),
      highBelow: least(a?.highBelow, b.highBelow),
    };
    return Object.fromEntries(Object.entries(both).filter(([, bound]) => bound !== undefined));
  }, first);
}

/** What a range says of the lowest of several low ends and the highest of several high ends. */
export const outerBounds = (r: Range): DateBounds => {
  const date = bounds(undefined, undefined, least(r.lowAtMost, r.highAtMost), least(r.lowBelow, r.highBelow));
  const dateEnd = bounds(most(r.highAtLeast, r.lowAtLeast), most(r.highAbove, r.lowAbove), undefined, undefined);
  return { ...(date && { date }), ...(dateEnd && { dateEnd }) };
};

/** What a range and a value range say of the number as written, which lies between the ends. */
export function valueBounds(range: Range | undefined, value: ValueRange | undefined): Bounds | undefined {
  return bounds(
    most(value?.atLeast, range?.lowAtLeast ?? range?.lowAbove),
    value?.above,
    least(value?.atMost, range?.highAtMost ?? range?.highBelow),
    value?.below,
  );
}
