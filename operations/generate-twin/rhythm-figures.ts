import {
  averageDay,
  binned,
  cosinor,
  extremeHours,
  interdailyStability,
  intradailyVariability,
  sleepRegularityIndex,
} from '../../src/series/circadian.ts';
import { ACTIVITY_COUNT } from '../../src/series/codes.ts';
import type { Window } from '../../src/series/local-time.ts';
import type { Recorded } from '../../src/series/recorded.ts';
import {
  citedBetween,
  MINUTES_A_DAY,
  minuteTimeline,
  recordedDays,
  sleepTimeline,
  type Timeline,
} from '../../src/series/timeline.ts';
import type { Figure } from './figure.ts';

/** A rhythm needs repetition: below this many days nothing is said of it. */
const FEWEST_DAYS = 5;

/** IS, IV, L5, M10, RA and cosinor of minute activity, and the sleep regularity index of the nights. */
export const rhythmFigures = (recorded: readonly Recorded[], window: Window): readonly Figure[] => [
  ...ofActivity(minuteTimeline(recorded, ACTIVITY_COUNT, window)),
  ...ofSleep(sleepTimeline(recorded, window)),
];

function ofActivity(timeline: Timeline): readonly Figure[] {
  const { minutes } = timeline;
  const n = recordedDays(timeline);
  if (n < FEWEST_DAYS) return [];
  const cites = citedBetween(timeline, 0, minutes.length);
  const hours = binned(minutes, 60);
  const { l5, m10, relativeAmplitude } = extremeHours(averageDay(minutes, MINUTES_A_DAY));
  const fit = cosinor(minutes, MINUTES_A_DAY);
  const figure = (
    code: string,
    display: string,
    value: number,
    unit: string,
    decimals: number,
    method: string,
  ): Figure => ({ code, display, section: 'rhythm', value, unit, decimals, n, method, cites });
  return [
    figure(
      'interdaily-stability',
      'Interdaily stability (IS)',
      interdailyStability(hours, 24),
      '1',
      3,
      'van Someren 1999; clock hours, sample variance',
    ),
    figure(
      'intradaily-variability',
      'Intradaily variability (IV)',
      intradailyVariability(hours),
      '1',
      3,
      'van Someren 1999; clock hours, sample variance',
    ),
    figure(
      'relative-amplitude',
      'Relative amplitude (RA)',
      relativeAmplitude,
      '1',
      3,
      '(M10 − L5) ÷ (M10 + L5) of the average day',
    ),
    figure('l5', 'Least active 5 hours (L5)', l5.value, '{counts}/min', 1, 'Lowest 5-hour mean of the average day'),
    figure(
      'l5-onset',
      'Onset of L5, after midnight',
      l5.onset,
      'h',
      2,
      'Start of the lowest 5-hour mean of the average day',
    ),
    figure(
      'm10',
      'Most active 10 hours (M10)',
      m10.value,
      '{counts}/min',
      1,
      'Highest 10-hour mean of the average day',
    ),
    figure(
      'm10-onset',
      'Onset of M10, after midnight',
      m10.onset,
      'h',
      2,
      'Start of the highest 10-hour mean of the average day',
    ),
    figure(
      'cosinor-amplitude',
      'Cosinor amplitude',
      fit.amplitude,
      '{counts}/min',
      1,
      'Least-squares cosine of 24 h (Nelson 1979)',
    ),
    figure(
      'cosinor-acrophase',
      'Cosinor acrophase, after midnight',
      fit.acrophase,
      'h',
      2,
      'Least-squares cosine of 24 h (Nelson 1979)',
    ),
  ];
}

function ofSleep(timeline: Timeline): readonly Figure[] {
  const { minutes } = timeline;
  const n = recordedDays(timeline);
  if (n < FEWEST_DAYS) return [];
  return [
    {
      code: 'sleep-regularity-index',
      display: 'Sleep regularity index (SRI)',
      section: 'rhythm',
      value: sleepRegularityIndex(minutes, MINUTES_A_DAY),
      unit: '1',
      decimals: 1,
      n,
      method: 'Phillips 2017; minutes, pairs known on both days',
      cites: citedBetween(timeline, 0, minutes.length),
    },
  ];
}
