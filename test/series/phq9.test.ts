import { describe, expect, test } from '@jest/globals';
import { PHQ9_ITEMS, PHQ9_QUESTIONNAIRE } from '../../src/series/codes.ts';
import { phq9 } from '../../src/series/phq9.ts';
import { answers } from './recorded.ts';

const scored = (items: readonly (number | undefined)[]) =>
  phq9(
    answers(
      'r',
      '2026-03-01T08:00:00Z',
      PHQ9_QUESTIONNAIRE,
      Object.fromEntries(PHQ9_ITEMS.flatMap((code, i) => (items[i] === undefined ? [] : [[code, items[i]]]))),
    ),
  );
const all = (value: number) => PHQ9_ITEMS.map(() => value);

describe('PHQ-9', () => {
  test.each([
    [[0, 0, 0, 0, 0, 0, 0, 0, 0], 0, 'minimal'],
    [[1, 1, 1, 1, 0, 0, 0, 0, 0], 4, 'minimal'],
    [[1, 1, 1, 1, 1, 0, 0, 0, 0], 5, 'mild'],
    [[2, 2, 2, 2, 1, 0, 0, 0, 0], 9, 'mild'],
    [[2, 2, 2, 2, 2, 0, 0, 0, 0], 10, 'moderate'],
    [[2, 2, 2, 2, 2, 2, 2, 0, 0], 14, 'moderate'],
    [[2, 2, 2, 2, 2, 2, 2, 1, 0], 15, 'moderately severe'],
    [[3, 3, 3, 2, 2, 2, 2, 2, 0], 19, 'moderately severe'],
    [[3, 3, 3, 3, 2, 2, 2, 2, 0], 20, 'severe'],
    [[3, 3, 3, 3, 3, 3, 3, 3, 3], 27, 'severe'],
  ])('%j is %i, %s', (items, total, severity) => {
    expect(scored(items)).toMatchObject({ total, severity, item9: items[8] });
  });
  test('an item not answered leaves no total, and item 9 is read all the same', () => {
    const score = scored([undefined, 1, 1, 1, 1, 1, 1, 1, 2]);
    expect(score?.total).toBeUndefined();
    expect(score?.item9).toBe(2);
  });
  test.each([4, -1, 1.5])('%p is no score of an item', (value) => {
    expect(scored([...all(1).slice(1), value])?.total).toBeUndefined();
  });
  test('answers are read as LOINC codes, as ordinals of our own codes, nested, and by /linkId', () => {
    const coding = (code: string, more: object = {}) => ({ answer: [{ valueCoding: { code, ...more } }] });
    const ordinal = [{ url: 'http://hl7.org/fhir/StructureDefinition/ordinalValue', valueDecimal: 3 }];
    const score = phq9({
      resourceType: 'QuestionnaireResponse',
      item: [
        {
          linkId: 'group',
          item: [
            { linkId: '/44250-9', ...coding('LA6571-9') },
            { linkId: '44255-8', ...coding('every-day', { extension: ordinal }) },
            { linkId: '44259-0', ...coding('constructor') },
          ],
        },
      ],
    });
    expect(score?.items.slice(0, 3)).toEqual([3, 3, undefined]);
  });
  test('another questionnaire is none', () => {
    expect(phq9({ resourceType: 'QuestionnaireResponse', item: [{ linkId: 'mood' }] })).toBeUndefined();
  });
});
