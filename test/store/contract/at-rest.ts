import { expect, test } from '@jest/globals';
import { coded, committed, draft, ids, json, key, put, query, refersTo, reference, token } from './made.ts';
import { fresh, type Open } from './opened.ts';

/** What lies on the disk: everything acknowledged, and nothing legible. */
export function atRestContract(open: Open): void {
  const place = fresh(open);

  test('bodies, current and past, receipts, payloads and audit records cannot be read from the bytes at rest', async () => {
    const { store, opened } = place;
    const words = ['schizoaffective', 'lamotrigine', 'confession', 'payload-word', 'receipt-word', 'audit-word'];
    await committed(store, [
      put(draft('Patient', 'p', { text: words[0] ?? '', patient: 'p' })),
      put(draft('Group', 'g', { text: words[1] ?? '' })),
    ]);
    await committed(store, [put(draft('Patient', 'p', { text: words[2] ?? '', patient: 'p' }))], {
      receipt: { key: 'r', answer: Buffer.from(words[4] ?? ''), expires: 8.64e15 },
      audit: [{ at: 1, text: words[5] ?? '', terms: ['t'] }],
    });
    await store.audit.append({ at: 2, text: `again ${words[5]}`, terms: ['t'] });
    await store.outbox.advance('c', 0, 1, [
      { id: 'i', lane: 'l', kind: 'k', payload: Buffer.from(words[3] ?? ''), due: 0 },
    ]);
    const bytes = await opened.rawBytes();
    expect(bytes.length).toBeGreaterThan(0);
    for (const word of words) expect(bytes.includes(word)).toBe(false);
    expect(json(await store.vread(key('Patient', 'p'), 1))).toMatchObject({ text: words[0] });
  });

  test('a reopened store has everything: versions, search, feed, cursors, receipts, audit', async () => {
    const { store } = place;
    const values = [token('code', null, 'x'), reference('subject', 'Patient', 'p')];
    await committed(store, [put(draft('Observation', 'o', { text: 'one', values, patient: 'p' }))]);
    await committed(store, [put(draft('Observation', 'o', { text: 'two', values, patient: 'p' }))], {
      receipt: { key: 'r', answer: Buffer.from('yes'), expires: 8.64e15 },
    });
    await store.audit.append({ at: 2, text: 'x', terms: ['t'] });
    await store.outbox.advance('c', 0, 7, [{ id: 'i', lane: 'l', kind: 'k', payload: Buffer.from('x'), due: 0 }]);
    const last = await store.lastTransaction();
    await store.close();
    const again = (await place.again()).store;
    await again.ready();
    expect(json(await again.read(key('Observation', 'o')))).toMatchObject({ text: 'two', meta: { versionId: '2' } });
    expect(json(await again.vread(key('Observation', 'o'), 1))).toMatchObject({ text: 'one' });
    expect(await ids(again, query('Observation', coded('code', 'x')))).toEqual(['o']);
    expect(await ids(again, query('Observation', refersTo('subject', 'Patient', 'p')))).toEqual(['o']);
    expect(await again.lastTransaction()).toBe(last);
    expect(await again.changes(0, 10)).toHaveLength(2);
    expect(await again.outbox.cursor('c')).toBe(7);
    expect(await again.outbox.pending('l')).toBe(1);
    expect(
      await again.commit({ changes: [], receipt: { key: 'r', answer: Buffer.from('no'), expires: 8.64e15 } }),
    ).toEqual({ kind: 'replayed', answer: Buffer.from('yes') });
    expect(await again.audit.verify()).toEqual({ records: 1 });
    expect(
      (await committed(again, [put(draft('Observation', 'o', { text: 'three', patient: 'p' }))])).transaction,
    ).toBeGreaterThan(last);
    expect(json(await again.read(key('Observation', 'o')))).toMatchObject({ text: 'three' });
  });

  test('closing finishes the writes in flight', async () => {
    const { store } = place;
    const writes = Array.from({ length: 50 }, (_, n) => store.commit({ changes: [put(draft('Patient', `p${n}`))] }));
    await store.close();
    expect((await Promise.all(writes)).every((r) => r.kind === 'committed')).toBe(true);
    const again = (await place.again()).store;
    expect(await again.count(['Patient'], { kind: 'all' })).toBe(50);
  });
}
