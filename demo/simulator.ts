import type { RecordedDay } from './recording.ts';

/**
 * What no open recording has: minute activity counts and heart rate that follow a real person's night and active minutes.
 * Seeded, so every run gives the same numbers. Counts are on an Actiwatch-like scale; heart rate rises with intensity
 * from the day's real resting rate and drifts with a first-order autoregressive noise. Nothing clinical is claimed of it.
 */
export interface SimulatedDay {
  /** Counts a minute from local midnight, 1440 of them. */
  readonly activity: readonly number[];
  /** Beats a minute. */
  readonly heartRate: readonly number[];
}

const MINUTES = 1440;
/** Typical counts and heart-rate rise of a minute, by intensity. */
const INTENSITY = {
  asleep: { counts: 2, rise: -2 },
  sedentary: { counts: 40, rise: 9 },
  lightly_active: { counts: 320, rise: 24 },
  moderately_active: { counts: 1100, rise: 48 },
  very_active: { counts: 2300, rise: 78 },
} as const;
type Intensity = keyof typeof INTENSITY;

/** Mulberry32: small, seeded, good enough for a simulator. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Simulates the day that `day` records; `next` tells when the following night begins, where it begins before midnight. */
export function simulateDay(day: RecordedDay, next: RecordedDay | undefined, seed: number): SimulatedDay {
  const draw = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  const plan = intensities(day, next, draw);
  const resting = day.restingHeartRate ?? 60;
  let drift = 0;
  const activity: number[] = [];
  const heartRate: number[] = [];
  for (const intensity of plan) {
    const { counts, rise } = INTENSITY[intensity];
    const still = draw() < (intensity === 'asleep' ? 0.9 : intensity === 'sedentary' ? 0.45 : 0.02);
    activity.push(still ? 0 : Math.round(counts * Math.exp(0.6 * normal())));
    drift = 0.9 * drift + 1.6 * normal();
    heartRate.push(Math.max(38, Math.round(resting + rise + drift)));
  }
  return { activity, heartRate };
}

/** An intensity for every minute: asleep as recorded, active minutes in bouts of the waking day as many as were recorded. */
function intensities(day: RecordedDay, next: RecordedDay | undefined, draw: () => number): readonly Intensity[] {
  const plan: Intensity[] = new Array<Intensity>(MINUTES).fill('sedentary');
  const night = (of: RecordedDay | undefined): void => {
    if (!of?.sleep) return;
    const start = Math.round((Date.parse(`${of.sleep.start}Z`) - Date.parse(day.date)) / 60_000);
    for (let i = 0; i < of.sleep.epochs.length; i += 2) {
      const at = start + i / 2;
      if (at >= 0 && at < MINUTES && of.sleep.epochs[i] !== '0') plan[at] = 'asleep';
    }
  };
  night(day);
  night(next);
  const waking = plan.flatMap((intensity, minute) => (intensity === 'asleep' ? [] : [minute]));
  const bouts: readonly [Intensity, number][] = [
    ['very_active', 25],
    ['moderately_active', 15],
    ['lightly_active', 12],
  ];
  for (const [intensity, length] of bouts) {
    let left = day.activeMinutes[intensity as keyof RecordedDay['activeMinutes']] ?? 0;
    for (let tries = 0; left > 0 && tries < 4000; tries++) {
      let at = waking[Math.floor(draw() * waking.length)] ?? 0;
      for (let i = 0; i < length && left > 0 && at < MINUTES && plan[at] === 'sedentary'; i++, at++, left--)
        plan[at] = intensity;
    }
  }
  return plan;
}

/** Three PHQ-9 answers, two weeks apart: mild, moderate, moderately severe with item 9 above zero. Invented for the story. */
export const PHQ9_STORY: readonly { readonly daysAgo: number; readonly items: readonly number[] }[] = [
  { daysAgo: 28, items: [1, 1, 1, 1, 1, 0, 1, 0, 0] },
  { daysAgo: 14, items: [1, 2, 2, 1, 1, 1, 2, 0, 0] },
  { daysAgo: 0, items: [2, 2, 2, 2, 1, 2, 2, 1, 1] },
];
