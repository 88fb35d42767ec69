import { dailySummaries } from '../../src/series/daily-summaries.ts';
import type { Window } from '../../src/series/local-time.ts';
import type { Recorded } from '../../src/series/recorded.ts';
import { dailyFigures } from './daily-figures.ts';
import type { Figure } from './figure.ts';
import { questionnaireFigures } from './questionnaire-figures.ts';
import { rhythmFigures } from './rhythm-figures.ts';

/** Every figure that the recordings of the window allow, oldest recording first. Pure. */
export const figuresOf = (recorded: readonly Recorded[], window: Window): readonly Figure[] =>
  [
    ...dailyFigures(dailySummaries(recorded, window), window.end),
    ...rhythmFigures(recorded, window),
    ...questionnaireFigures(recorded, window),
  ].filter(({ value }) => Number.isFinite(value));
