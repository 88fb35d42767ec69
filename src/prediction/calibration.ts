import type { Manifest } from './manifest.ts';

export type Band = Manifest['bands'][number]['code'];

/** The probability that a model's log-odds mean for people it has not seen (Platt scaling). */
export const probability = (margin: number, { slope, intercept }: Manifest['calibration']): number =>
  1 / (1 + Math.exp(-(slope * margin + intercept)));

/** The band of a probability; each band ends below its `below`. */
export function band(value: number, bands: Manifest['bands']): Band {
  const found = bands.find(({ below }) => below === undefined || value < below);
  if (!found) throw new Error(`No band of the manifest holds ${value}`);
  return found.code;
}
