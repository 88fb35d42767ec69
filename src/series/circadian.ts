import { mean, variance } from './statistics.ts';

/**
 * Non-parametric rest–activity rhythm (van Someren 1999), in pyActigraphy's convention: sample variance (n − 1) in both
 * terms, unknown epochs (NaN) left out. Bins start where the series starts; callers that want clock hours start at midnight.
 */

/** Interdaily stability, 0–1: variance of the average day ÷ variance of all bins. `perDay` bins make a day. */
export function interdailyStability(bins: ArrayLike<number>, perDay: number): number {
  return variance(averageDay(bins, perDay)) / variance(Array.from(bins));
}

/** Intradaily variability, 0 (smooth) to about 2 (noise): mean squared step ÷ variance. */
export function intradailyVariability(bins: ArrayLike<number>): number {
  const steps: number[] = [];
  for (let i = 1; i < bins.length; i++) steps.push(((bins[i] ?? Number.NaN) - (bins[i - 1] ?? Number.NaN)) ** 2);
  return mean(steps) / variance(Array.from(bins));
}

/** Mean of each epoch of the day over all days; NaN where an epoch was never recorded. */
export function averageDay(epochs: ArrayLike<number>, perDay: number): Float64Array {
  const sum = new Float64Array(perDay);
  const n = new Float64Array(perDay);
  for (let i = 0; i < epochs.length; i++) {
    const value = epochs[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const at = i % perDay;
    sum[at] = (sum[at] ?? 0) + value;
    n[at] = (n[at] ?? 0) + 1;
  }
  return sum.map((total, i) => total / (n[i] || Number.NaN));
}

/** Means of consecutive runs of `size` epochs, unknown ones left out; the last, partial run is kept. */
export function binned(epochs: ArrayLike<number>, size: number): Float64Array {
  const bins = new Float64Array(Math.ceil(epochs.length / size));
  for (let b = 0; b < bins.length; b++) bins[b] = mean(Array.prototype.slice.call(epochs, b * size, (b + 1) * size));
  return bins;
}

export interface Extreme {
  readonly value: number;
  /** Hours after the start of the day at which it begins. */
  readonly onset: number;
}
export interface ExtremeHours {
  /** Least active 5 hours of the average day. */
  readonly l5: Extreme;
  /** Most active 10 hours. */
  readonly m10: Extreme;
  /** (M10 − L5) ÷ (M10 + L5). */
  readonly relativeAmplitude: number;
}

/** L5, M10 and relative amplitude of an average day (cyclic), given by `averageDay`. */
export function extremeHours(day: ArrayLike<number>): ExtremeHours {
  const l5 = window(day, 5, (a, b) => a < b);
  const m10 = window(day, 10, (a, b) => a > b);
  return { l5, m10, relativeAmplitude: (m10.value - l5.value) / (m10.value + l5.value) };
}

function window(day: ArrayLike<number>, hours: number, better: (a: number, b: number) => boolean): Extreme {
  const perHour = day.length / 24;
  const size = Math.round(hours * perHour);
  const at = (i: number): number => day[i % day.length] ?? Number.NaN;
  let best: Extreme = { value: Number.NaN, onset: Number.NaN };
  let sum = 0;
  let unknown = 0;
  const take = (value: number, sign: 1 | -1): void => {
    if (Number.isNaN(value)) unknown += sign;
    else sum += sign * value;
  };
  for (let i = 0; i < size; i++) take(at(i), 1);
  for (let start = 0; start < day.length; start++) {
    const value = sum / size;
    // Hours with an epoch that was never recorded cannot be compared.
    if (unknown === 0 && (Number.isNaN(best.value) || better(value, best.value)))
      best = { value, onset: start / perHour };
    take(at(start + size), 1);
    take(at(start), -1);
  }
  return best;
}

export interface Cosinor {
  readonly mesor: number;
  readonly amplitude: number;
  /** Hours after the start of the day at which the fitted curve peaks, 0–24. */
  readonly acrophase: number;
}

/** Least-squares fit of mesor + amplitude · cos(2π(t − acrophase)/24 h); unknown epochs left out (Nelson 1979). */
export function cosinor(epochs: ArrayLike<number>, perDay: number): Cosinor {
  // Normal equations of y on 1, cos and sin, accumulated in one pass.
  let [n, c, s, cc, ss, cs, y, yc, ys] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < epochs.length; i++) {
    const value = epochs[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    const angle = (2 * Math.PI * (i % perDay)) / perDay;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    n++;
    c += cos;
    s += sin;
    cc += cos * cos;
    ss += sin * sin;
    cs += cos * sin;
    y += value;
    yc += value * cos;
    ys += value * sin;
  }
  const [mesor, a, b] = solve3([
    [n, c, s, y],
    [c, cc, cs, yc],
    [s, cs, ss, ys],
  ]);
  const acrophase = (Math.atan2(b, a) * 24) / (2 * Math.PI);
  return { mesor, amplitude: Math.hypot(a, b), acrophase: (acrophase + 24) % 24 };
}

/** Gaussian elimination with partial pivoting of a 3×3 system in augmented form. */
function solve3(rows: number[][]): [number, number, number] {
  const m = rows.map((row) => [...row]);
  const cell = (r: number, c: number): number => m[r]?.[c] ?? Number.NaN;
  for (let k = 0; k < 3; k++) {
    const pivot = [0, 1, 2]
      .slice(k)
      .reduce((best, r) => (Math.abs(cell(r, k)) > Math.abs(cell(best, k)) ? r : best), k);
    [m[k], m[pivot]] = [m[pivot] ?? [], m[k] ?? []];
    for (let r = k + 1; r < 3; r++) {
      const f = cell(r, k) / cell(k, k);
      m[r] = (m[r] ?? []).map((value, c) => value - f * cell(k, c));
    }
  }
  const x = [0, 0, 0];
  for (let k = 2; k >= 0; k--) {
    let rest = cell(k, 3);
    for (let c = k + 1; c < 3; c++) rest -= cell(k, c) * (x[c] ?? 0);
    x[k] = rest / cell(k, k);
  }
  return [x[0] ?? Number.NaN, x[1] ?? Number.NaN, x[2] ?? Number.NaN];
}

/**
 * Sleep regularity index (Phillips 2017): −100 + 200 × the share of epoch pairs 24 h apart that are both asleep or both
 * awake, over pairs where both are known. `states`: 1 asleep, 0 awake, NaN unknown.
 */
export function sleepRegularityIndex(states: ArrayLike<number>, perDay: number): number {
  let same = 0;
  let pairs = 0;
  for (let i = 0; i + perDay < states.length; i++) {
    const today = states[i] ?? Number.NaN;
    const tomorrow = states[i + perDay] ?? Number.NaN;
    if (Number.isNaN(today) || Number.isNaN(tomorrow)) continue;
    pairs++;
    if (today === tomorrow) same++;
  }
  return pairs === 0 ? Number.NaN : -100 + (200 * same) / pairs;
}
