import { expect, test } from '@jest/globals';
import { committed, draft, json, put, remove } from './made.ts';
import { fresh, type Open } from './opened.ts';

/** The change feed, whole transactions in order, and the hint that there is news. */
export function feedContract(open: Open): void {
  const place = fresh(open);

  test('an empty store is at transaction 0 and has no changes', async () => {
    expect(await place.store.lastTransaction()).toBe(0);
    expect(await place.store.changes(0, 10)).toEqual([]);
  });

  test('changes rise by transaction, deletions and superseded versions with them', async () => {
    const { store } = place;
    const first = await committed(store, [put(draft('Patient', 'a', { text: 'one' })), put(draft('Patient', 'b'))]);
    await committed(store, [put(draft('Patient', 'a', { text: 'two' }))]);
    await committed(store, [remove('Patient', 'b')]);
    const all = await store.changes(0, 100);
    expect(all.map((v) => `${v.id}${v.version}${v.deleted ? '-' : ''}`)).toEqual(['a1', 'b1', 'a2', 'b2-']);
    expect(json(all[0])).toMatchObject({ text: 'one' });
    const later = await store.changes(first.transaction, 100);
    expect(later.map((v) => v.id)).toEqual(['a', 'b']);
    expect(later.every((v) => v.transaction > first.transaction)).toBe(true);
    expect(await store.changes(await store.lastTransaction(), 100)).toEqual([]);
  });

  test.each([1, 3, 4, 7])(
    'limit %i never cuts a transaction in two, and going on from the last gives all',
    async (limit) => {
      const { store } = place;
      for (const [n, size] of [2, 2, 5, 1].entries())
        await committed(
          store,
          Array.from({ length: size }, (_, i) => put(draft('Patient', `t${n}-${i}`))),
        );
      const seen: string[] = [];
      let after = 0;
      for (let page = 0; page < 20; page++) {
        const changes = await store.changes(after, limit);
        const last = changes.at(-1);
        if (!last) break;
        seen.push(...changes.map((v) => v.id));
        for (const transaction of new Set(changes.map((v) => v.transaction))) {
          const name = changes.find((v) => v.transaction === transaction)?.id.slice(0, 2) ?? '';
          expect(changes.filter((v) => v.transaction === transaction)).toHaveLength(
            { t0: 2, t1: 2, t2: 5, t3: 1 }[name] ?? -1,
          );
        }
        after = last.transaction;
      }
      expect(seen.map((id) => id.slice(0, 2)).join(' ')).toBe('t0 t0 t1 t1 t2 t2 t2 t2 t2 t3');
    },
  );

  test('listeners hear of commits of this process until they leave', async () => {
    const { store } = place;
    const heard: number[] = [];
    const leave = store.onCommit((transaction) => heard.push(transaction));
    const first = await committed(store, [put(draft('Patient', 'a'))]);
    await store.commit({ changes: [remove('Patient', 'nobody', { kind: 'present' })] });
    expect(heard).toContain(first.transaction);
    leave();
    const second = await committed(store, [put(draft('Patient', 'b'))]);
    expect(heard).not.toContain(second.transaction);
  });
}
