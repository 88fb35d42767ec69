import { expect, test } from '@jest/globals';
import { recordLines, recordsOfLines } from '../../../src/store/sqlite/audit/record-lines.ts';

test.each([
  ['none', []],
  ['without terms', [{ at: 1, change: -1, terms: [], text: '{}' }]],
  [
    'several, with terms of any characters',
    [
      { at: 1, change: 3, terms: ['agent/x', 'patient/1'], text: '{"e":"Zoë"}' },
      { at: 2, change: -1, terms: ['agent/a\tb', 'entity/Patient/a\nb'], text: '{}' },
      { at: 3, change: -1, terms: ['["agent/x"]'], text: '{}' },
    ],
  ],
])('records cross to the writer as they are: %s', (_case, records) => {
  expect(recordsOfLines(recordLines(records))).toEqual(records);
});
