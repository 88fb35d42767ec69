import type { Resource } from '../../src/fhir/resource.ts';
import { describe, expect, test } from '@jest/globals';
import { averageDay, extremeHours } from '../../src/series/circadian.ts';
import { ACTIVITY_COUNT } from '../../src/series/codes.ts';
import { citedBetween, MINUTES_A_DAY, minuteTimeline, recordedDays, sleepTimeline } from '../../src/series/timeline.ts';
import { night, recorded, sampled } from './recorded.ts';

const WINDOW = { start: '2026-03-01', end: '2026-03-03' };
const at = (timeline: { readonly minutes: Float64Array }, day: number, hour: number, minute = 0) =>
  timeline.minutes[day * MINUTES_A_DAY + hour * 60 + minute];

describe('samples by local minute', () => {
  const lay = (...resources: readonly Resource[]) => minuteTimeline(recorded(...resources), ACTIVITY_COUNT, WINDOW);
  test('lie where the clock on the wall showed them; the rest is unknown', () => {
    const timeline = lay(sampled('a', ACTIVITY_COUNT, '2026-03-02T08:00:00+05:30', '7 E 9'));
    expect(timeline.days).toBe(3);
    expect([at(timeline, 1, 8), at(timeline, 1, 8, 1), at(timeline, 1, 8, 2)]).toEqual([7, Number.NaN, 9]);
    expect(timeline.minutes.filter((value) => !Number.isNaN(value))).toHaveLength(2);
    expect(recordedDays(timeline)).toBe(1);
  });
  test('of 20 seconds are averaged, of 5 minutes fill theirs', () => {
    const timeline = lay(
      sampled('a', ACTIVITY_COUNT, '2026-03-01T00:00:00Z', '1 2 6 4', 20_000),
      sampled('b', ACTIVITY_COUNT, '2026-03-01T10:00:00Z', '5', 300_000),
    );
    expect([at(timeline, 0, 0, 0), at(timeline, 0, 0, 1)]).toEqual([3, 4]);
    expect([at(timeline, 0, 10, 0), at(timeline, 0, 10, 4), at(timeline, 0, 10, 5)]).toEqual([5, 5, Number.NaN]);
  });
  test('of hours or years ask for no memory and no time', () => {
    const begun = performance.now();
    const timeline = lay(
      sampled('a', ACTIVITY_COUNT, '2026-03-01T00:00:00Z', '5 6 7', 1e12),
      sampled('b', ACTIVITY_COUNT, '1900-01-01T00:00:00Z', '5 6 7', 1),
      sampled('c', ACTIVITY_COUNT, '2999-01-01T00:00:00Z', '5 6 7'),
    );
    expect(recordedDays(timeline)).toBe(0);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
  test('each minute knows its source', () => {
    const timeline = lay(
      sampled('a', ACTIVITY_COUNT, '2026-03-01T23:59:00Z', '1 2'),
      sampled('b', ACTIVITY_COUNT, '2026-03-02T00:00:00Z', '3'),
    );
    expect([...citedBetween(timeline, 0, MINUTES_A_DAY)]).toEqual(['Observation/a/_history/1']);
    expect([...citedBetween(timeline, MINUTES_A_DAY, 2 * MINUTES_A_DAY)]).toEqual(['Observation/b/_history/1']);
  });
  test('without any there is nothing', () => {
    expect(recordedDays(lay())).toBe(0);
  });
});

describe('asleep or awake by minute', () => {
  const lay = (...resources: readonly Resource[]) => sleepTimeline(recorded(...resources), WINDOW);
  test('the time between two nights is awake, before the first and after the last unknown', () => {
    const timeline = lay(
      night('a', '2026-03-01T00:00:00Z', '2026-03-01T07:00:00Z', 420),
      night('b', '2026-03-01T23:00:00Z', '2026-03-02T06:00:00Z', 420),
    );
    expect([at(timeline, 0, 3), at(timeline, 0, 12), at(timeline, 0, 23, 30), at(timeline, 1, 5, 59)]).toEqual([
      1, 0, 1, 1,
    ]);
    expect(at(timeline, 1, 6)).toBeNaN();
  });
  test('after a night that was not recorded the day is unknown', () => {
    const timeline = lay(
      night('a', '2026-03-01T00:00:00Z', '2026-03-01T07:00:00Z', 420),
      night('b', '2026-03-02T23:00:00Z', '2026-03-03T06:00:00Z', 420),
    );
    expect(at(timeline, 0, 12)).toBeNaN();
  });
  test('a gap of the device within a night is no time awake', () => {
    const timeline = lay(night('a', '2026-03-01T01:00:00Z', '2026-03-01T01:04:00Z', '1 1 E E 0 0 2 2'));
    expect([at(timeline, 0, 1, 0), at(timeline, 0, 1, 2), at(timeline, 0, 1, 3)]).toEqual([1, 0, 1]);
    expect(at(timeline, 0, 1, 1)).toBeNaN();
  });
});

test('hours with a minute that was never recorded are no extreme, wherever they lie', () => {
  const day = averageDay(
    Float64Array.from({ length: MINUTES_A_DAY }, (_, i) => (i < 360 ? 1 : 100)),
    MINUTES_A_DAY,
  );
  day[700] = Number.NaN;
  const { l5, m10 } = extremeHours(day);
  expect(l5).toEqual({ value: 1, onset: 0 });
  expect(m10.value).toBe(100);
  expect(m10.onset * 60).toBeGreaterThan(700);
});
