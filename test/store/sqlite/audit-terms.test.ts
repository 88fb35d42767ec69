import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blocksWith } from '../../../src/store/sqlite/audit/places.ts';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { STEPS } from '../../../src/store/sqlite/schema.ts';
import { appendBlock } from '../../../src/store/sqlite/writer/append-block.ts';

// Long enough for long runs, with blocks left in every stage.
const BLOCKS = 64 * 64 * 2 + 64 * 3 + 5;
const [ALL, TENTH, NEVER] = [4096, 2 * 4096, 3 * 4096];

const folder = mkdtempSync(join(tmpdir(), 'audit-terms-'));
const connection = new Connection(join(folder, 'n.db'));

/** Terms of a block: one of every block, one of every tenth, one of its own. */
const termsOf = (block: number): number[] => [
  ALL,
  ...(block % 10 === 0 ? [TENTH] : []),
  2 ** 40 * (1 + (block % 8000)) + block * 4096,
];

beforeAll(() => {
  migrate(connection, STEPS);
  const counters = { seq: 0, tx: 0, at: 0, block: 0, high: 0, hash: Buffer.alloc(32) };
  const sealing = {
    dataKey: 1,
    key: createSecretKey(Buffer.alloc(32, 1)),
    hash: (term: string) => Number(term.slice('a\0'.length)),
  };
  connection.write(() => {
    for (let block = 1; block <= BLOCKS; block++)
      appendBlock(connection, counters, sealing, [
        {
          heads: { count: 1, low: block, high: block, terms: termsOf(block).map(String) },
          lines: `${block}\n\n{}`,
          versions: [],
        },
      ]);
  });
});
afterAll(() => {
  connection.close();
  rmSync(folder, { recursive: true });
});

const falling = (below: number, wanted: (block: number) => boolean): number[] =>
  Array.from({ length: below - 1 }, (_, n) => below - 1 - n).filter(wanted);

test('every block is found by each of its terms, newest first, whatever stage its index is in', () => {
  expect([...blocksWith(connection, [[ALL]], BLOCKS + 1)]).toEqual(falling(BLOCKS + 1, () => true));
  expect([...blocksWith(connection, [[TENTH]], 5000)]).toEqual(falling(5000, (block) => block % 10 === 0));
  for (const block of [1, 63, 64, 65, 4095, 4096, 4097, 8191, 8192, 8300, BLOCKS - 6, BLOCKS])
    expect([
      ...blocksWith(
        connection,
        termsOf(block).map((term) => [term]),
        BLOCKS + 1,
      ),
    ]).toEqual([block]);
  expect([...blocksWith(connection, [[ALL], [TENTH]], 100)]).toEqual(falling(100, (block) => block % 10 === 0));
  expect([...blocksWith(connection, [[NEVER]], BLOCKS + 1)]).toEqual([]);
  const [own = 0] = termsOf(5003).slice(-1);
  expect([...blocksWith(connection, [[NEVER, own, TENTH]], 5012)]).toEqual([
    5010,
    5003,
    ...falling(5003, (n) => n % 10 === 0),
  ]);
});

test('a search looks into few runs: short ones become long ones, and what they were made of is gone', () => {
  const count = (table: string) => connection.get(`SELECT count(*) FROM ${table}`)?.[0];
  expect(count('audit_fresh')).toBe(BLOCKS % 64);
  expect(count('audit_short')).toBe(3);
  expect(connection.all('SELECT low, count(*) FROM audit_long GROUP BY low')).toEqual([
    [1, 64],
    [4097, 64],
  ]);
});

test('blocks written before the runs are found behind them', () => {
  connection.run('INSERT INTO audit_term VALUES (?, 0)', [TENTH]);
  expect([...blocksWith(connection, [[TENTH]], 11)]).toEqual([10, 0]);
  connection.run('INSERT INTO audit_term VALUES (?, 0)', [ALL]);
  expect([...blocksWith(connection, [[NEVER, TENTH], [ALL]], 10)]).toEqual([0]);
});
