import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { figureObservation, twinComposition } from '../../operations/generate-twin/composition.ts';
import { SECTIONS } from '../../operations/generate-twin/figure.ts';
import { figuresOf } from '../../operations/generate-twin/figures.ts';
import { loadDefinitions } from '../../src/compose.ts';
import { validator } from '../../src/conformance/validation/validator.ts';
import {
  ACTIVE_MINUTES,
  ACTIVITY_COUNT,
  DAILY_WELLNESS_QUESTIONNAIRE,
  HEART_RATE,
  MODERATELY_ACTIVE_MINUTES,
  PHQ9_ITEMS,
  PHQ9_QUESTIONNAIRE,
  RESTING_HEART_RATE,
  SEDENTARY_MINUTES,
  STEPS,
  VERY_ACTIVE_MINUTES,
} from '../../src/series/codes.ts';
import { addDays } from '../../src/series/local-time.ts';
import { answers, concept, measured, night, observation, recorded, sampled } from '../series/recorded.ts';

const WINDOW = { start: '2026-03-01', end: '2026-03-28' };

/** Four weeks in which everything that a twin knows of was recorded and differs from day to day. */
const everything = recorded(
  ...Array.from({ length: 28 }, (_, k) => {
    const date = addDays(WINDOW.start, k);
    const minute = String(k % 10);
    const part = (code: typeof STEPS, value: number) => ({
      code: concept(code),
      valueQuantity: { value, code: 'min' },
    });
    const epochs = Array.from({ length: 16 * 60 }, (_, i) => (i < 20 + ((k * 13) % 50) ? 0 : i % 4)).join(' ');
    const day = Array.from({ length: 1440 }, (_, i) => ((i * (k + 3)) % 97) + k).join(' ');
    return [
      night(`night-${k}`, `${addDays(date, -1)}T23:0${minute}:00Z`, `${date}T07:0${minute}:00Z`, epochs),
      measured(`resting-${k}`, RESTING_HEART_RATE, date, 50 + (k % 5), '/min'),
      measured(`steps-${k}`, STEPS, date, 5000 + k * 10, '1'),
      observation(`active-${k}`, ACTIVE_MINUTES, {
        effectiveDateTime: date,
        component: [
          part(VERY_ACTIVE_MINUTES, k),
          part(MODERATELY_ACTIVE_MINUTES, 30),
          part(SEDENTARY_MINUTES, 600 + k),
        ],
      }),
      sampled(`activity-${k}`, ACTIVITY_COUNT, `${date}T00:00:00Z`, day),
      sampled(`heart-${k}`, HEART_RATE, `${date}T00:00:00Z`, day),
      answers(`report-${k}`, `${date}T20:00:00Z`, DAILY_WELLNESS_QUESTIONNAIRE, {
        mood: 1 + (k % 5),
        stress: 5 - (k % 5),
        fatigue: 1 + (k % 3),
      }),
      answers(
        `phq9-${k}`,
        `${date}T21:00:00Z`,
        PHQ9_QUESTIONNAIRE,
        Object.fromEntries(PHQ9_ITEMS.map((code) => [code, k % 4])),
      ),
    ];
  }).flat(),
);
const figures = figuresOf(everything, WINDOW);

test('CodeSystem/twin-figure has every code that a figure can have, with its display, and no other', () => {
  const { concept: concepts } = JSON.parse(readFileSync('profiles/code-systems/twin-figure.json', 'utf8'));
  const listed = new Map(concepts.map(({ code, display }: { code: string; display: string }) => [code, display]));
  for (const code of ['digital-twin', 'sample-size', 'standard-error', ...Object.keys(SECTIONS)]) {
    expect([code, listed.has(code)]).toEqual([code, true]);
    listed.delete(code);
  }
  expect(Object.fromEntries(figures.map(({ code, display }) => [code, display]))).toEqual(Object.fromEntries(listed));
});

test('a whole twin is valid by its profiles, and its narrative shows each figure', () => {
  const validate = validator(loadDefinitions('profiles'));
  const composition = twinComposition('p', figures, WINDOW, 'Device/novamind', '2026-03-28T20:00:00Z');
  const made = [composition, ...figures.map((figure) => figureObservation('p', figure, WINDOW))];
  expect(made.flatMap((resource) => validate(resource).filter(({ severity }) => severity === 'error'))).toEqual([]);
  for (const { display } of figures)
    expect(JSON.stringify(composition['text'])).toContain(display.replace(/&/g, '&amp;'));
});

test('a figure is made from nothing outside of its window', () => {
  const half = { start: '2026-03-15', end: '2026-03-28' };
  for (const { code, cites } of figuresOf(everything, half))
    for (const reference of cites) expect([code, Number(/-(\d+)\//.exec(reference)?.[1]) >= 14]).toEqual([code, true]);
});
