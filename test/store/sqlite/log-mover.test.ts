import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { coded, committed, draft, put, query, token } from '../contract/made.ts';

const COMMITS = 160;
const EACH = 200;
const PAGE_AND_HEAD = 4096 + 24;
/** Never moved, the log would hold over 40,000 pages. */
const MOST = 30_000 * PAGE_AND_HEAD;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'novamind-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the write-ahead log is moved to the database while writes go on, and begins anew', async () => {
  const file = join(folder, 'n.db');
  const masterKey = Buffer.alloc(32, 7);
  const store = await openSqliteStore({ file, masterKey });
  const id = (n: number, i: number) => `o${n}-${i}`;
  // Codes all over the index, so that each commit touches many pages.
  const code = (n: number, i: number) => `c${(n * EACH + i) * 7919}`;
  let longest = 0;
  for (let n = 0; n < COMMITS; n++) {
    await committed(
      store,
      Array.from({ length: EACH }, (_, i) =>
        put(draft('Observation', id(n, i), { text: 'x'.repeat(600), values: [token('code', null, code(n, i))] })),
      ),
    );
    longest = Math.max(longest, statSync(`${file}-wal`).size);
  }
  await store.close();
  expect(statSync(file).size).toBeGreaterThan(COMMITS * EACH * 600);
  expect(longest).toBeLessThan(MOST);

  const again = await openSqliteStore({ file, masterKey });
  expect(await again.count(['Observation'], { kind: 'all' })).toBe(COMMITS * EACH);
  const found = await again.search(query('Observation', coded('code', code(COMMITS - 1, EACH - 1))));
  expect(found.matches.map((match) => match.id)).toEqual([id(COMMITS - 1, EACH - 1)]);
  await again.close();
});
