import { expect, test } from '@jest/globals';
import { packRecords, unpackRecords } from '../../../src/store/sqlite/audit/block.ts';

const length = (text: string): number => text.length;

test('a block gives back its records: times, texts of any script, hashed terms', () => {
  const records = [
    { at: 1.5e12, text: '{"e":"Zoë 🙂"}', terms: [2 ** 53 - 1, 0] },
    { at: 0, text: '', terms: [] },
    { at: 3, text: 'x', terms: [7] },
  ];
  expect(unpackRecords(packRecords(records), length)).toEqual(records);
});

test('a block of the layout before it is read too, its terms hashed on the way', () => {
  const header = Buffer.from(
    JSON.stringify([
      [5, 3, ['agent/x']],
      [6, 1, []],
    ]),
  );
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  const earlier = Buffer.concat([size, header, Buffer.from('Zo\u00eb'.slice(1)), Buffer.from('y')]);
  expect(unpackRecords(earlier, length)).toEqual([
    { at: 5, text: 'o\u00eb', terms: [7] },
    { at: 6, text: 'y', terms: [] },
  ]);
});
