import { expect, test } from '@jest/globals';
import type { HistoryQuery, Store } from '../../../src/store/store.ts';
import { committed, draft, json, put, remove } from './made.ts';
import { fresh, type Open } from './opened.ts';

const T0 = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

/** Instance, type and system history, `_since`, `_at`, paging. */
export function historyContract(open: Open): void {
  let clock = T0;
  const place = fresh(open, { now: () => clock });

  /** a1 at 0 h, b1 at 1 h, a2 at 2 h, a deleted at 3 h, a4 and a Group at 4 h. */
  async function story(): Promise<Store> {
    const { store } = place;
    const steps = [
      [put(draft('Patient', 'a', { text: 'one' }))],
      [put(draft('Patient', 'b', { text: 'b' }))],
      [put(draft('Patient', 'a', { text: 'two' }))],
      [remove('Patient', 'a')],
      [put(draft('Patient', 'a', { text: 'four' })), put(draft('Group', 'g'))],
    ];
    for (const [hour, changes] of steps.entries()) {
      clock = T0 + hour * HOUR;
      await committed(store, changes);
    }
    return store;
  }
  const told = async (store: Store, asked: Omit<HistoryQuery, 'count'>): Promise<string[]> =>
    (await store.history({ ...asked, count: 50 })).versions.map((v) => `${v.id}${v.version}${v.deleted ? '-' : ''}`);

  test('an instance tells its versions newest first, deletions with them', async () => {
    const store = await story();
    expect(await told(store, { type: 'Patient', id: 'a' })).toEqual(['a4', 'a3-', 'a2', 'a1']);
    const { versions } = await store.history({ type: 'Patient', id: 'a', count: 10 });
    expect(versions.map((v) => v.method)).toEqual(['PUT', 'DELETE', 'PUT', 'PUT']);
    expect(json(versions[3])).toMatchObject({ text: 'one', meta: { versionId: '1' } });
    expect(versions[1]?.body.length).toBe(0);
    expect(await told(store, { type: 'Patient', id: 'nobody' })).toEqual([]);
  });

  test('a type tells of its resources alone, the system of all', async () => {
    const store = await story();
    expect(await told(store, { type: 'Patient' })).toEqual(['a4', 'a3-', 'a2', 'b1', 'a1']);
    expect(await told(store, { type: 'Group' })).toEqual(['g1']);
    const all = await told(store, {});
    expect(all.slice(2)).toEqual(['a3-', 'a2', 'b1', 'a1']);
    expect(all.slice(0, 2).sort()).toEqual(['a4', 'g1']);
  });

  test('since keeps versions made at or after the instant', async () => {
    const store = await story();
    expect(await told(store, { type: 'Patient', since: T0 + 2 * HOUR })).toEqual(['a4', 'a3-', 'a2']);
    expect(await told(store, { type: 'Patient', id: 'a', since: T0 + 2 * HOUR + 1 })).toEqual(['a4', 'a3-']);
    expect((await told(store, { since: T0 + 4 * HOUR })).sort()).toEqual(['a4', 'g1']);
    expect(await told(store, { since: T0 + 9 * HOUR })).toEqual([]);
  });

  test('at keeps versions that were current at some time in the interval', async () => {
    const store = await story();
    const at = (low: number, high: number) => ({ low: T0 + low * HOUR, high: T0 + high * HOUR });
    expect(await told(store, { type: 'Patient', id: 'a', at: at(0.5, 0.6) })).toEqual(['a1']);
    expect(await told(store, { type: 'Patient', id: 'a', at: at(0.5, 2.5) })).toEqual(['a2', 'a1']);
    expect(await told(store, { type: 'Patient', at: at(1.5, 1.6) })).toEqual(['b1', 'a1']);
    expect(await told(store, { type: 'Patient', id: 'a', at: at(-2, -1) })).toEqual([]);
    expect((await told(store, { at: at(8, 9) })).sort()).toEqual(['a4', 'b1', 'g1']);
  });

  test.each([[{ type: 'Patient', id: 'a' }], [{ type: 'Patient' }], [{}]])(
    'pages of %j give every version once, while writers run',
    async (level) => {
      const store = await story();
      const whole = await told(store, level);
      const seen: string[] = [];
      let after: string | undefined;
      for (let page = 0; page < 20; page++) {
        const answer = await store.history({ ...level, count: 2, ...(after !== undefined && { after }) });
        expect(answer.versions.length).toBeLessThanOrEqual(2);
        seen.push(...answer.versions.map((v) => `${v.id}${v.version}${v.deleted ? '-' : ''}`));
        after = answer.next;
        await committed(store, [put(draft('Patient', 'a', { text: `later ${page}` }))]);
        if (after === undefined) break;
      }
      expect(seen).toEqual(whole);
    },
  );
}
