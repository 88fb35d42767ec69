import { expect, test } from '@jest/globals';
import type { NewOutboxItem } from '../../../src/store/store.ts';
import { fresh, type Open } from './opened.ts';

const item = (id: string, lane: string, due = 0): NewOutboxItem => ({
  id,
  lane,
  kind: 'rest-hook',
  payload: Buffer.from(`{"n":"${id}"}`),
  due,
});

/** Leased work, in order per lane, at least once. */
export function outboxContract(open: Open): void {
  const place = fresh(open);
  const claimed = async (worker: string, now: number, limit = 10) =>
    (await place.store.outbox.claim(worker, now, 1000, limit)).map((i) => i.id);

  test('a cursor moves once: who comes second is told, and adds nothing', async () => {
    const { outbox } = place.store;
    expect(await outbox.cursor('subscriptions')).toBe(0);
    expect(await outbox.advance('subscriptions', 0, 5, [item('a', 'l1')])).toBe(true);
    expect(await outbox.advance('subscriptions', 0, 6, [item('b', 'l2')])).toBe(false);
    expect(await outbox.cursor('subscriptions')).toBe(5);
    expect(await outbox.cursor('rules')).toBe(0);
    expect(await claimed('w', 10)).toEqual(['a']);
  });

  test('ten at once: one moves the cursor', async () => {
    const { outbox } = place.store;
    const moved = await Promise.all(
      Array.from({ length: 10 }, (_, n) => outbox.advance('c', 0, 1, [item(`i${n}`, `l${n}`)])),
    );
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect(await claimed('w', 10)).toHaveLength(1);
  });

  test('an item is leased whole, with its payload, and to nobody else until the lease ends', async () => {
    const { outbox } = place.store;
    await outbox.advance('c', 0, 1, [item('a', 'l1')]);
    expect(await outbox.claim('w1', 10, 1000, 10)).toEqual([{ ...item('a', 'l1'), attempts: expect.any(Number) }]);
    expect(await claimed('w2', 11)).toEqual([]);
    expect(await claimed('w2', 1011)).toEqual(['a']);
    await outbox.done('a', 'w2');
    expect(await claimed('w1', 99_999)).toEqual([]);
  });

  test('an item that is done again under the same id is ignored', async () => {
    const { outbox } = place.store;
    await outbox.advance('c', 0, 1, [item('a', 'l1')]);
    await outbox.advance('c', 1, 2, [item('a', 'l1')]);
    expect(await outbox.pending('l1')).toBe(1);
  });

  test('what is not due is not given; a lane gives one at a time, oldest first', async () => {
    const { outbox } = place.store;
    await outbox.advance('c', 0, 1, [item('a1', 'a'), item('a2', 'a'), item('b1', 'b'), item('late', 'z', 5000)]);
    expect(await claimed('w1', 10)).toEqual(['a1', 'b1']);
    expect(await claimed('w2', 10)).toEqual([]);
    await outbox.done('a1', 'w1');
    expect(await claimed('w2', 10)).toEqual(['a2']);
    expect(await outbox.pending('a')).toBe(1);
    expect(await claimed('w1', 5000)).toContain('late');
  });

  test('a retried item comes back when due, counts its attempts, and holds its lane meanwhile', async () => {
    const { outbox } = place.store;
    await outbox.advance('c', 0, 1, [item('a1', 'a'), item('a2', 'a')]);
    const [first] = await outbox.claim('w', 10, 1000, 10);
    await outbox.retry('a1', 'w', 500, 'refused');
    expect(await claimed('w', 20)).toEqual([]);
    const [again] = await outbox.claim('w', 500, 1000, 10);
    expect(again?.id).toBe('a1');
    expect(again?.attempts).toBe((first?.attempts ?? 0) + 1);
  });

  test('a limit is kept, and the lease of another is not given back', async () => {
    const { outbox } = place.store;
    await outbox.advance('c', 0, 1, [item('a', 'a'), item('b', 'b'), item('c', 'c')]);
    expect(await claimed('w', 10, 2)).toEqual(['a', 'b']);
    await outbox.done('a', 'stranger');
    await outbox.retry('b', 'stranger', 0, 'x');
    expect(await claimed('w2', 20)).toEqual(['c']);
    expect(await outbox.pending('a')).toBe(1);
  });
}
