/** Mean of the values that are numbers; NaN where there is none. */
export function mean(values: Iterable<number>): number {
  let sum = 0;
  let n = 0;
  for (const value of values)
    if (!Number.isNaN(value)) {
      sum += value;
      n++;
    }
  return n === 0 ? Number.NaN : sum / n;
}

/** Sample variance (n − 1) of the values that are numbers; NaN below two. */
export function variance(values: Iterable<number>): number {
  const known = [...values].filter((value) => !Number.isNaN(value));
  if (known.length < 2) return Number.NaN;
  const m = mean(known);
  let sum = 0;
  for (const value of known) sum += (value - m) ** 2;
  return sum / (known.length - 1);
}

/** Sample standard deviation. */
export const standardDeviation = (values: Iterable<number>): number => Math.sqrt(variance(values));

/** Least-squares slope of values against their index; NaN below three known values. */
export function slope(values: readonly number[]): number {
  const points = values.map((y, x) => ({ x, y })).filter((point) => !Number.isNaN(point.y));
  if (points.length < 3) return Number.NaN;
  const mx = mean(points.map((point) => point.x));
  const my = mean(points.map((point) => point.y));
  let xy = 0;
  let xx = 0;
  for (const { x, y } of points) {
    xy += (x - mx) * (y - my);
    xx += (x - mx) ** 2;
  }
  return xy / xx;
}
