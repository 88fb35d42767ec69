import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { and, type Query } from '../../../src/search/query.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  coded,
  committed,
  date,
  draft,
  put,
  query,
  reference,
  refersTo,
  sorted,
  text,
  token,
} from '../contract/made.ts';

describe('plans of a SQLite store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'novamind-plans-'));
  let store: Store;
  beforeAll(async () => {
    store = await openSqliteStore({ file: join(folder, 'n.db'), masterKey: Buffer.alloc(32, 7) });
    const patients = [0, 1, 2].map((n) => put(draft('Patient', `p${n}`, { values: [text('name', `Name${n}`)] })));
    const observations = Array.from({ length: 600 }, (_, n) =>
      put(
        draft('Observation', `o${n}`, {
          values: [
            token('code', 'urn:l', `c${n % 2}`),
            reference('subject', 'Patient', `p${n % 3}`),
            reference('patient', 'Patient', `p${n % 3}`),
            date('date', n * 1000),
          ],
        }),
      ),
    );
    await committed(store, [...patients, ...observations]);
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const plan = async (asked: Query): Promise<string> => JSON.stringify(await store.explain({ ...asked, count: 20 }));
  const newest = { sort: [sorted('date', 'date', true)] };

  test('a patient by code and date reads one run of the compound path, sorted already', async () => {
    const where = and(refersTo('subject', 'Patient', 'p1'), coded('code', 'c1'), {
      kind: 'date',
      param: 'date',
      range: { highAtLeast: 5000 },
    });
    const told = await plan(query('Observation', where, newest));
    expect(told).toContain('SEARCH x0 USING PRIMARY KEY (patient=? AND type=? AND code=? AND high>?)');
    expect(told).not.toContain('TEMP B-TREE');
  });

  test('a patient by date alone too', async () => {
    const told = await plan(
      query(
        'Observation',
        and(refersTo('patient', 'Patient', 'p1'), { kind: 'date', param: 'date', range: { highAtLeast: 5000 } }),
        newest,
      ),
    );
    expect(told).toContain('SEARCH x0 USING PRIMARY KEY (patient=? AND type=? AND code=? AND high>?)');
  });

  test('a common code by date walks the dates and never scans a table', async () => {
    const told = await plan(query('Observation', coded('code', 'c1'), newest));
    expect(told).toContain('SEARCH x0 USING COVERING INDEX date_high (param=?)');
    expect(told).toMatch(/SEARCH token (EXISTS )?USING PRIMARY KEY \(param=\? AND code=\? AND seq=\?\)/);
  });

  test('a common code up to a date enters the dates there, and reads the far ones from an index of their own', async () => {
    const where = and(coded('code', 'c1'), { kind: 'date', param: 'date', range: { lowAtMost: 5000 } });
    const told = await plan(query('Observation', where, newest));
    expect(told).toContain('SEARCH x0 USING COVERING INDEX date_high (param=? AND high<?)');
    expect(told).toMatch(/SEARCH x0 USING (COVERING )?INDEX date_far \(param=\? AND high>\?\)/);
  });

  test('a code, newest first, is read backwards from the index without sorting', async () => {
    const told = await plan(query('Observation', coded('code', 'c1')));
    expect(told).toContain('SEARCH token USING PRIMARY KEY (param=? AND code=?');
    expect(told).not.toMatch(/SCAN (token|version|recent|x0)/);
  });

  test('no statement has a bound limit: SQLite would plan it anew for every search', async () => {
    const code = coded('code', 'c1');
    const after = { highAtLeast: 5000 };
    const asked = [
      query('Observation', and(refersTo('subject', 'Patient', 'p1'), code), newest),
      query('Observation', code, newest),
      query('Observation', and(code, { kind: 'date', param: 'date', range: after })),
      query('Observation', { kind: 'all' }),
      query('Patient', refersTo('link', 'Patient', 'p1'), { sort: [sorted('name', 'string')] }),
    ];
    for (const each of asked) {
      const told = await plan(each);
      expect(told).toMatch(/LIMIT \d/);
      expect(told).not.toContain('LIMIT ?');
    }
  });
});
