import { expect, test } from '@jest/globals';
import { packLines, unpackRecords } from '../../../src/store/sqlite/audit/block.ts';
import { RecordLines } from '../../../src/store/sqlite/audit/record-lines.ts';

test('a block gives back its records: times, texts of any script, terms of any characters', () => {
  const first = [
    { at: 1.5e12, text: '{"e":"Zoë 🙂"}', terms: ['agent/x', 'patient/1'] },
    { at: 0, text: '{}', terms: [] },
  ];
  const second = [
    { at: 2, text: '{}', terms: ['agent/a\tb', 'entity/Patient/a\nb'] },
    { at: 3, text: '{}', terms: ['["agent/x"]'] },
  ];
  const lines = [first, second].map((records) => new RecordLines(records).lines);
  expect(unpackRecords(packLines(lines))).toEqual([...first, ...second]);
});

test('what a block says of its records: how many, when, by what they are found, of which changes they tell', () => {
  const lines = new RecordLines([{ at: 7, text: '{}', terms: ['a', 'b'] }]);
  expect(lines.heads).toEqual({ count: 1, low: 7, high: 7, terms: ['a', 'b'] });
  expect(lines.add({ at: 5, text: '{}', terms: ['b', 'c'], change: 0 })).toBe(2);
  expect(lines.heads).toEqual({ count: 2, low: 5, high: 7, terms: ['a', 'b', 'c'], changes: [null, 0] });
});

test('blocks of the layout with hashed terms are read too', () => {
  const text = Buffer.from('{"e":"Zoë"}');
  const head = Buffer.alloc(8 + 14 + 8);
  head.writeUInt32LE(1, 4);
  head.writeDoubleLE(5, 8);
  head.writeUInt32LE(text.length, 16);
  head.writeUInt16LE(1, 20);
  head.writeDoubleLE(2 ** 53 - 1, 22);
  expect(unpackRecords(Buffer.concat([head, text]))).toEqual([{ at: 5, text: text.toString(), terms: [2 ** 53 - 1] }]);
});

test('blocks of the first layout are read too', () => {
  const header = Buffer.from(
    JSON.stringify([
      [5, 3, ['agent/x']],
      [6, 1, []],
    ]),
  );
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  const earlier = Buffer.concat([size, header, Buffer.from('Zo\u00eb'.slice(1)), Buffer.from('y')]);
  expect(unpackRecords(earlier)).toEqual([
    { at: 5, text: 'o\u00eb', terms: ['agent/x'] },
    { at: 6, text: 'y', terms: [] },
  ]);
});
