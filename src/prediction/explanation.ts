import type { Score } from './onnx-runtime.ts';

/**
 * Shapley values of one row's log-odds against a reference row: what each feature adds, summing up to the difference.
 * With trees of depth 2 at most two features meet in a tree, and then a feature's value is exactly the mean of what it
 * adds coming first and coming last: 2n + 2 rows instead of 2^n. golden.json holds it equal to the full sum.
 */
export async function contributions(
  score: Score,
  row: readonly number[],
  reference: readonly number[],
): Promise<{ readonly margin: number; readonly base: number; readonly values: readonly number[] }> {
  const swapped = (into: readonly number[], from: readonly number[]) =>
    into.map((_, feature) => into.map((value, i) => (i === feature ? (from[i] ?? Number.NaN) : value)));
  const scores = await score([row, reference, ...swapped(row, reference), ...swapped(reference, row)]);
  const scoreOf = (index: number): number => {
    const value = scores[index];
    if (value === undefined) throw new Error(`The model gave no score for row ${index}`);
    return value;
  };
  const margin = scoreOf(0);
  const base = scoreOf(1);
  const values = row.map((_, i) => (margin - scoreOf(2 + i) + scoreOf(2 + row.length + i) - base) / 2);
  return { margin, base, values };
}
