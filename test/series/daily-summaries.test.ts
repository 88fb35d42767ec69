import type { Resource } from '../../src/fhir/resource.ts';
import { describe, expect, test } from '@jest/globals';
import {
  ACTIVE_MINUTES,
  ACTIVITY_COUNT,
  DAILY_WELLNESS_QUESTIONNAIRE,
  HEART_RATE,
  MODERATELY_ACTIVE_MINUTES,
  RESTING_HEART_RATE,
  SLEEP_DURATION,
  STEPS,
  VERY_ACTIVE_MINUTES,
} from '../../src/series/codes.ts';
import { dailySummaries } from '../../src/series/daily-summaries.ts';
import { answers, concept, measured, night, observation, recorded, sampled } from './recorded.ts';

const MARCH = { start: '2026-03-01', end: '2026-03-31' };
const summaries = (...resources: readonly Resource[]) =>
  dailySummaries(recorded(...resources), MARCH).map(({ summary }) => summary);
const minutes = (value: number) => ({ value, unit: 'min', code: 'min' });

describe('a day is a local day', () => {
  test('a night belongs to the day on which it ends, where the person woke', () => {
    expect(summaries(night('n', '2026-03-04T23:30:00+01:00', '2026-03-05T07:00:00+01:00', 420))).toEqual([
      {
        date: '2026-03-05',
        sleepMinutes: 420,
        inBedMinutes: 450,
        sleepEfficiency: 420 / 450,
        sleepOnset: -30,
        sleepOffset: 420,
      },
    ]);
  });
  test('the night in which clocks go forward is an hour shorter than it looks', () => {
    const [day] = summaries(night('n', '2026-03-28T23:00:00+01:00', '2026-03-29T08:00:00+02:00', 450));
    expect(day).toMatchObject({ date: '2026-03-29', inBedMinutes: 480, sleepOnset: -60, sleepOffset: 480 });
  });
  test('a series that passes midnight is two days, in any number of pieces', () => {
    const pieces = [
      sampled('a', HEART_RATE, '2026-03-04T23:58:00-05:00', '60 62 80 90'),
      sampled('b', HEART_RATE, '2026-03-05T12:00:00-05:00', '70 E'),
    ];
    const days = dailySummaries(recorded(...pieces), MARCH);
    expect(days.map(({ summary }) => summary)).toEqual([
      { date: '2026-03-04', heartRateMean: 61 },
      { date: '2026-03-05', heartRateMean: 80 },
    ]);
    expect(days.map(({ cites }) => [...(cites.get('heartRateMean') ?? [])])).toEqual([
      ['Observation/a/_history/1'],
      ['Observation/a/_history/1', 'Observation/b/_history/1'],
    ]);
  });
  test('what lies outside the window is not read', () => {
    expect(
      summaries(
        measured('a', STEPS, '2026-02-28', 1, '1'),
        measured('b', STEPS, '2026-03-01', 2, '1'),
        measured('c', STEPS, '2026-03-31T23:00:00-08:00', 3, '1'),
        measured('d', STEPS, '2026-04-01', 4, '1'),
      ),
    ).toEqual([
      { date: '2026-03-01', steps: 2 },
      { date: '2026-03-31', steps: 3 },
    ]);
  });
});

describe('of several recordings', () => {
  test('the longest sleep is the night, whole: nothing of a nap is mixed into it', () => {
    const main = night('n', '2026-03-04T23:00:00Z', '2026-03-05T07:00:00Z', 400);
    const nap = night('nap', '2026-03-05T13:00:00Z', '2026-03-05T14:00:00Z', '1 1 2 2 3 3');
    const expected = [expect.objectContaining({ sleepMinutes: 400, sleepOnset: -60 })];
    expect(summaries(main, nap)).toEqual(expected);
    expect(summaries(nap, main)).toEqual(expected);
    expect(summaries(nap, main)[0]).not.toHaveProperty('remMinutes');
  });
  test('of another measure the later holds', () => {
    expect(
      summaries(
        measured('a', RESTING_HEART_RATE, '2026-03-02', 50, '/min'),
        measured('b', RESTING_HEART_RATE, '2026-03-02', 52, '/min'),
      ),
    ).toEqual([{ date: '2026-03-02', restingHeartRate: 52 }]);
  });
  test('of one minute the later holds', () => {
    expect(
      summaries(
        sampled('a', ACTIVITY_COUNT, '2026-03-02T10:00:00Z', '10 10'),
        sampled('b', ACTIVITY_COUNT, '2026-03-02T10:01:00Z', '0 40'),
      ),
    ).toEqual([{ date: '2026-03-02', activityMean: 50 / 3, activityZeroFraction: 1 / 3 }]);
  });
});

describe('what says nothing is not read', () => {
  const day = (more: object) =>
    measured('a', STEPS, '2026-03-02', 5, '1') && { ...measured('a', STEPS, '2026-03-02', 5, '1'), ...more };
  test.each([
    ['entered in error', day({ status: 'entered-in-error' })],
    ['cancelled', day({ status: 'cancelled' })],
    ['without a date', day({ effectiveDateTime: undefined })],
    ['with a date of a month', day({ effectiveDateTime: '2026-03' })],
    ['less than a value', day({ valueQuantity: { value: 5, comparator: '<' } })],
    ['without a value', day({ valueQuantity: undefined })],
    ['a resting heart rate in hertz', measured('a', RESTING_HEART_RATE, '2026-03-02', 1, 'Hz')],
    ['a sleep of years', night('a', '2020-03-02T00:00:00Z', '2026-03-02T00:00:00Z', '')],
    ['a sleep that ends before it began', night('a', '2026-03-02T07:00:00Z', '2026-03-01T23:00:00Z', 400)],
    ['active minutes without any', observation('a', ACTIVE_MINUTES, { effectiveDateTime: '2026-03-02' })],
    ['a series of unknowns', sampled('a', HEART_RATE, '2026-03-02T00:00:00Z', 'E E U L')],
    ['no Observation', { resourceType: 'Condition', id: 'a' }],
  ])('%s', (_what, resource) => {
    expect(summaries(resource)).toEqual([]);
  });
  test('a recording that cannot be read is named', () => {
    expect(() => summaries(sampled('bad', HEART_RATE, '2026-03-02T00:00:00Z', '60 ?'))).toThrow(
      /^Observation\/bad\/_history\/1 cannot be read: .*'\?'/,
    );
  });
});

describe('durations and answers', () => {
  test('a sleep of which only the day is known counts for it', () => {
    expect(summaries(measured('a', SLEEP_DURATION, '2026-03-02', 7, 'h'))).toEqual([
      { date: '2026-03-02', sleepMinutes: 420 },
    ]);
  });
  test('stages are counted where no duration is stated', () => {
    // Four minutes: 2 epochs each of wake, light, deep, REM.
    const [day] = summaries(night('a', '2026-03-02T01:00:00Z', '2026-03-02T01:04:00Z', '0 0 1 1 2 2 3 3'));
    expect(day).toMatchObject({
      inBedMinutes: 4,
      sleepMinutes: 3,
      lightMinutes: 1,
      deepMinutes: 1,
      remMinutes: 1,
      wakeAfterSleepOnsetMinutes: 1,
      sleepEfficiency: 0.75,
    });
  });
  test('active minutes are read by intensity, in any unit of time', () => {
    const component = [
      { code: concept(VERY_ACTIVE_MINUTES), valueQuantity: { value: 0.5, code: 'h' } },
      { code: concept(MODERATELY_ACTIVE_MINUTES), valueQuantity: minutes(12) },
    ];
    expect(summaries(observation('a', ACTIVE_MINUTES, { effectiveDateTime: '2026-03-02', component }))).toEqual([
      { date: '2026-03-02', veryActiveMinutes: 30, moderatelyActiveMinutes: 12 },
    ]);
  });
  test('a daily report is read once it is finished', () => {
    const report = answers('r', '2026-03-02T23:30:00+10:00', `${DAILY_WELLNESS_QUESTIONNAIRE}|1.0.0`, {
      mood: 4,
      'sleep-quality': 3,
      other: 9,
    });
    expect(summaries(report)).toEqual([{ date: '2026-03-02', selfReport: { mood: 4, sleepQuality: 3 } }]);
    expect(summaries({ ...report, status: 'in-progress' })).toEqual([]);
    expect(summaries({ ...report, questionnaire: 'http://other.example/q' })).toEqual([]);
  });
});
