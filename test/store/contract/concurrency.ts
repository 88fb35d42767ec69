import { describe, expect, test } from '@jest/globals';
import type { Commit } from '../../../src/store/store.ts';
import { coded, committed, draft, ids, key, put, query, remove, token } from './made.ts';
import { fresh, type Open } from './opened.ts';

/** What must hold when many write at once, and when one writes twice. */
export function concurrencyContract(open: Open): void {
  let clock = Date.UTC(2026, 0, 1);
  const place = fresh(open, { now: () => clock });

  test('ten concurrent puts of one id all succeed, each as its own version', async () => {
    const { store } = place;
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        committed(store, [put(draft('Patient', 'a', { text: `n${n}`, patient: 'a' }))]),
      ),
    );
    expect(results.map((r) => r.versions[0]?.version).sort((a = 0, b = 0) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(results.filter((r) => r.versions[0]?.outcome === 'created')).toHaveLength(1);
    expect((await store.read(key('Patient', 'a')))?.version).toBe(10);
    expect(await ids(store, query('Patient'))).toEqual(['a']);
  });

  test('fifty concurrent conditional creates with one criterion make one resource', async () => {
    const { store } = place;
    const results = await Promise.all(Array.from({ length: 50 }, (_, n) => store.commit(conditionalCreate(`p${n}`))));
    expect(results.filter((r) => r.kind === 'committed')).toHaveLength(1);
    const found = await ids(store, query('Patient'));
    expect(found).toHaveLength(1);
    for (const result of results)
      if (result.kind !== 'committed')
        expect(result).toEqual({ kind: 'refused', because: { kind: 'guard', guard: 0, ids: found } });
  });

  test('two processes on one place agree: one conditional create wins, reads see the other side', async () => {
    const { store } = place;
    const other = (await place.again()).store;
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? store : other).commit(conditionalCreate(`p${n}`))),
    );
    expect(results.filter((r) => r.kind === 'committed')).toHaveLength(1);
    expect(await ids(store, query('Patient'))).toEqual(await ids(other, query('Patient')));
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        committed(n % 2 ? store : other, [put(draft('Group', 'g', { text: `${n}`, patient: 'x' }))]),
      ),
    );
    expect((await other.read(key('Group', 'g')))?.version).toBe(10);
    expect((await store.history({ type: 'Group', id: 'g', count: 20 })).versions.map((v) => v.version)).toEqual([
      10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    ]);
  });

  test('an acknowledged write is found by the next search', async () => {
    const { store } = place;
    for (let n = 0; n < 20; n++) {
      await committed(store, [put(draft('Patient', `p${n}`, { values: [token('identifier', null, `${n}`)] }))]);
      expect(await ids(store, query('Patient', coded('identifier', `${n}`)))).toEqual([`p${n}`]);
    }
  });

  test('transaction numbers rise with each commit, and lastUpdated never goes back even when the clock does', async () => {
    const { store } = place;
    clock = Date.UTC(2026, 0, 2);
    const first = await committed(store, [put(draft('Patient', 'a'))]);
    clock -= 3_600_000;
    const second = await committed(store, [put(draft('Patient', 'b')), put(draft('Patient', 'c'))]);
    expect(second.transaction).toBeGreaterThan(first.transaction);
    expect(second.lastUpdated).toBeGreaterThanOrEqual(first.lastUpdated);
    expect(await store.lastTransaction()).toBe(second.transaction);
    const [b, c] = await store.readMany([key('Patient', 'b'), key('Patient', 'c')]);
    expect([b?.transaction, c?.transaction]).toEqual([second.transaction, second.transaction]);
  });

  describe('receipts', () => {
    const once = (id: string): Commit => ({
      changes: [put(draft('Patient', id))],
      receipt: { key: 'bundle-1', answer: Buffer.from(`{"made":"${id}"}`), expires: clock + 1000 },
    });

    test('a commit with a used key gives back the first answer and writes nothing', async () => {
      const { store } = place;
      expect((await store.commit(once('a'))).kind).toBe('committed');
      expect(await store.commit(once('b'))).toEqual({ kind: 'replayed', answer: Buffer.from('{"made":"a"}') });
      expect(await store.read(key('Patient', 'b'))).toBeUndefined();
    });

    test('of ten at once one is applied', async () => {
      const { store } = place;
      const results = await Promise.all(Array.from({ length: 10 }, (_, n) => store.commit(once(`p${n}`))));
      expect(results.filter((r) => r.kind === 'committed')).toHaveLength(1);
      expect(results.filter((r) => r.kind === 'replayed')).toHaveLength(9);
      expect(await ids(store, query('Patient'))).toHaveLength(1);
    });

    test('a refused commit leaves its key free, and an expired key is free again', async () => {
      const { store } = place;
      const refused = { ...once('a'), changes: [remove('Patient', 'nobody', { kind: 'present' })] };
      expect((await store.commit(refused)).kind).toBe('refused');
      expect((await store.commit(once('a'))).kind).toBe('committed');
      clock += 2000;
      expect((await store.commit(once('b'))).kind).toBe('committed');
      expect((await store.commit(once('c'))).kind).toBe('replayed');
    });
  });
}

const conditionalCreate = (id: string): Commit => ({
  changes: [
    {
      kind: 'put',
      method: 'POST',
      draft: draft('Patient', id, { values: [token('identifier', 'urn:mrn', '7')] }),
      expect: { kind: 'absent' },
    },
  ],
  guards: [
    { key: 'Patient?identifier=urn:mrn|7', type: 'Patient', where: coded('identifier', '7', 'urn:mrn'), ids: [] },
  ],
});
