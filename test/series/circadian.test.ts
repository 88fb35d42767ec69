import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import {
  averageDay,
  binned,
  cosinor,
  extremeHours,
  interdailyStability,
  intradailyVariability,
  sleepRegularityIndex,
} from '../../src/series/circadian.ts';
import { mean } from '../../src/series/statistics.ts';

const DATA = new URL('../../../shared/data/', import.meta.url);
const present = existsSync(DATA);
/** Anchors live beside the project, not in it: where they are absent the title says so. */
const withData = present
  ? describe
  : (title: string, _: () => void) =>
      describe(`${title} (../shared/data is not here)`, () =>
        test('anchors are not on this machine', () => expect(present).toBe(false)));

/** pyActigraphy adds a bin's epochs up instead of averaging them: it matters for the last, partial bin alone. */
const sums = (epochs: readonly number[], size: number) =>
  binned(epochs, size).map((value, i) => value * Math.min(size, epochs.length - i * size));
const sine = (days: number, perDay: number) =>
  Array.from({ length: days * perDay }, (_, i) => Math.sin((2 * Math.PI * i) / perDay));

describe('rest–activity rhythm', () => {
  test('a sine wave is perfectly stable and smooth', () => {
    expect(interdailyStability(sine(7, 24), 24)).toBeCloseTo(1, 1);
    expect(intradailyVariability(sine(7, 24))).toBeCloseTo(0.068, 2);
  });
  test('a square day has its lows and highs where they are', () => {
    const day = Array.from({ length: 1440 }, (_, minute) => (minute < 720 ? -100 : 100));
    const { l5, m10 } = extremeHours(averageDay(day, 1440));
    expect([l5.value, m10.value]).toEqual([-100, 100]);
  });
  test('a cosine peaks at its acrophase', () => {
    const fit = cosinor(
      Array.from({ length: 3 * 1440 }, (_, i) => 10 + 4 * Math.cos((2 * Math.PI * (i - 15 * 60)) / 1440)),
      1440,
    );
    expect(fit.mesor).toBeCloseTo(10, 9);
    expect(fit.amplitude).toBeCloseTo(4, 9);
    expect(fit.acrophase).toBeCloseTo(15, 9);
  });
  test('sleep at the same hours is 100, unknown epochs are left out', () => {
    const day = Array.from({ length: 48 }, (_, i) => (i < 16 ? 1 : 0));
    const days = [...day, ...day, ...day.map((state, i) => (i === 3 ? Number.NaN : state))];
    expect(sleepRegularityIndex(days, 48)).toBe(100);
    expect(sleepRegularityIndex(day, 48)).toBeNaN();
  });
});

withData('documented reference values', () => {
  test('pyActigraphy example_01: IS, IV and RA', () => {
    const file = readdirSync(new URL('pyactigraphy-anchors/', DATA)).find((name) => /01.*\.AWD$/i.test(name)) ?? '';
    const counts = readFileSync(new URL(`pyactigraphy-anchors/${file}`, DATA), 'latin1')
      .split(/\r?\n/)
      .slice(7)
      .filter((line) => line.trim() !== '')
      .map((line) => Number.parseFloat(line));
    const active = counts.map((count) => (count > 4 ? 1 : 0));
    expect(interdailyStability(sums(active, 60), 24)).toBeCloseTo(0.527656245354158, 9);
    expect(intradailyVariability(sums(active, 60))).toBeCloseTo(0.32913524895082263, 9);
    expect(interdailyStability(sums(active, 30), 48)).toBeCloseTo(0.49538299172546324, 9);
    expect(interdailyStability(sums(counts, 60), 24)).toBeCloseTo(0.46561431150973936, 9);
    expect(intradailyVariability(sums(counts, 60))).toBeCloseTo(0.7095292983583361, 9);
    expect(extremeHours(averageDay(active, 1440)).relativeAmplitude).toBeCloseTo(0.7576503909857768, 9);
    expect(extremeHours(averageDay(counts, 1440)).relativeAmplitude).toBeCloseTo(0.9168632026873167, 9);
  });
  test('sleep regularity index of the published vector is 80.8074', () => {
    const states = readFileSync(new URL('sri-anchor/test_30s_epochs.csv', DATA), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => {
        const state = line.split(',')[1] ?? '';
        return state.trim() === '' ? Number.NaN : Number(state);
      });
    expect(sleepRegularityIndex(states.slice(0, 6 * 2880), 2880)).toBeCloseTo(80.8074, 4);
  });
  test('Depresjon condition_1: hourly rhythm from midnight', () => {
    const days = gunzipSync(readFileSync(new URL('depresjon/full_days.csv.gz', DATA)))
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .filter(([subject, , , declared]) => subject === 'condition_1' && declared === '1');
    const counts = days.flatMap((day) => (day[4] ?? '').trim().split(' ').map(Number));
    const hours = binned(counts, 60);
    const { l5, m10, relativeAmplitude } = extremeHours(averageDay(counts, 1440));
    expect(days).toHaveLength(11);
    expect(mean(counts)).toBeCloseTo(157.517614, 5);
    expect(interdailyStability(hours, 24)).toBeCloseTo(0.525078, 6);
    expect(intradailyVariability(hours)).toBeCloseTo(0.507046, 6);
    expect([l5.value, m10.value, relativeAmplitude].map((value) => value.toFixed(4))).toEqual([
      '8.3452',
      '296.7303',
      '0.9453',
    ]);
    expect(l5.onset).toBeCloseTo(1.65, 3);
    expect(m10.onset).toBeCloseTo(10.05, 3);
    const fit = cosinor(counts, 1440);
    expect(fit.amplitude).toBeCloseTo(170.764463, 4);
    expect(fit.acrophase).toBeCloseTo(15.384486, 4);
  });
});
