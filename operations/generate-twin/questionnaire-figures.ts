import { type Window, within } from '../../src/series/local-time.ts';
import { phq9 } from '../../src/series/phq9.ts';
import { answered } from '../../src/series/questionnaire-answers.ts';
import type { Recorded } from '../../src/series/recorded.ts';
import type { Figure } from './figure.ts';

/** The latest complete PHQ-9 of the window, its item 9, and the change since the first. */
export function questionnaireFigures(recorded: readonly Recorded[], window: Window): readonly Figure[] {
  const scored = recorded
    .flatMap(({ resource, reference }) => {
      const { authored } = resource;
      if (!answered(resource) || typeof authored !== 'string' || !within(authored.slice(0, 10), window)) return [];
      const score = phq9(resource);
      return score?.total === undefined ? [] : [{ total: score.total, item9: score.item9, reference, authored }];
    })
    .sort((a, b) => Date.parse(a.authored) - Date.parse(b.authored));
  const first = scored[0];
  const last = scored.at(-1);
  if (!first || !last) return [];
  const base = { section: 'questionnaire', unit: '{score}', decimals: 0 } as const;
  return [
    {
      ...base,
      code: 'phq9-total',
      display: 'PHQ-9 total (0–27)',
      value: last.total,
      n: 1,
      method: `Latest complete answer, ${last.authored.slice(0, 10)}`,
      cites: new Set([last.reference]),
    },
    ...(last.item9 === undefined
      ? []
      : [
          {
            ...base,
            code: 'phq9-item-9',
            display: 'PHQ-9 item 9: thoughts of death or self-harm (0–3)',
            value: last.item9,
            n: 1,
            method: `Latest complete answer, ${last.authored.slice(0, 10)}`,
            cites: new Set([last.reference]),
          },
        ]),
    ...(first === last
      ? []
      : [
          {
            ...base,
            code: 'phq9-change',
            display: 'PHQ-9: change since the first answer',
            value: last.total - first.total,
            n: scored.length,
            method: 'Latest minus first complete answer',
            cites: new Set([first.reference, last.reference]),
          },
        ]),
  ];
}
