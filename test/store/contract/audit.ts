import { expect, test } from '@jest/globals';
import type { AuditRecord } from '../../../src/store/audit-log.ts';
import { committed, draft, put, remove } from './made.ts';
import { fresh, type Open } from './opened.ts';

const record = (at: number, ...terms: string[]): AuditRecord => ({
  at,
  text: `{"at":${at},"é":"secret-${at}"}`,
  terms,
});

/** The grouped, chained log of accesses. */
export function auditContract(open: Open): void {
  const place = fresh(open);

  test('a record is found by its terms, whole, as soon as it is appended', async () => {
    const { audit } = place.store;
    await audit.append(record(5, 'patient/1', 'agent/x'));
    const [found, ...rest] = await audit.find({ terms: [['patient/1'], ['agent/x']], limit: 10 });
    expect(rest).toEqual([]);
    expect(found).toMatchObject({ at: 5, text: record(5).text });
    expect(found?.id).toMatch(/^[A-Za-z0-9\-.]{1,64}$/);
    expect(await audit.get(found?.id ?? '')).toEqual(found);
    expect(await audit.get('nothing')).toBeUndefined();
    expect(await audit.find({ terms: [['patient/1'], ['agent/y']], limit: 10 })).toEqual([]);
    expect(await audit.find({ terms: [['agent/y', 'patient/1'], ['agent/x']], limit: 10 })).toEqual([found]);
    await audit.append(record(6, 'entity/Device/d'));
    const either = await audit.find({ terms: [['entity/Device/d', 'patient/1', 'patient/2']], limit: 10 });
    expect(either.map(({ at }) => at)).toEqual([6, 5]);
  });

  test('many at once are all kept; find goes newest first, within an interval, page by page', async () => {
    const { audit } = place.store;
    for (let batch = 0; batch < 4; batch++)
      await Promise.all(
        Array.from({ length: 10 }, (_, n) => audit.append(record(batch * 10 + n, 'all', `n/${n % 2}`))),
      );
    const all = await audit.find({ terms: [['all']], limit: 100 });
    expect(all.map((r) => r.at).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(await audit.find({ terms: [], limit: 100 })).toHaveLength(40);
    expect(new Set(all.map((r) => r.id)).size).toBe(40);
    const batches = all.map((r) => Math.floor(r.at / 10));
    expect(batches).toEqual([...batches].sort((a, b) => b - a));
    expect(await audit.find({ terms: [['all'], ['n/1']], low: 10, high: 19, limit: 100 })).toHaveLength(5);
    const paged: string[] = [];
    let before: string | undefined;
    for (;;) {
      const page = await audit.find({ terms: [['n/0']], limit: 3, ...(before !== undefined && { before }) });
      paged.push(...page.map((r) => r.id));
      before = page.at(-1)?.id;
      if (before === undefined) break;
    }
    expect(paged).toEqual(all.filter((r) => r.at % 2 === 0).map((r) => r.id));
  });

  test('records of a commit ride in it and carry the version it made; those of a refused one do not', async () => {
    const { store } = place;
    await committed(store, [put(draft('Patient', 'a'))]);
    await committed(store, [put(draft('Patient', 'a', { text: '2' }))], {
      audit: [{ ...record(1, 'patient/a'), change: 0 }, record(1, 'patient/a', 'other')],
    });
    const refused = {
      changes: [remove('Patient', 'b', { kind: 'present' as const })],
      audit: [record(2, 'patient/a')],
    };
    expect((await store.commit(refused)).kind).toBe('refused');
    const found = await store.audit.find({ terms: [['patient/a']], limit: 10 });
    expect(found.map((r) => r.version).sort()).toEqual([2, undefined]);
  });

  test('reads and changes come in one order, page by page, also where an earlier process wrote them', async () => {
    const { store } = place;
    for (let n = 0; n < 12; n++) {
      if (n % 3 === 0) await committed(store, [put(draft('Patient', `p${n}`))], { audit: [record(n, 'x')] });
      else await Promise.all([store.audit.append(record(n, 'x')), store.audit.append(record(n, 'x'))]);
    }
    const all = await store.audit.find({ terms: [['x']], limit: 100 });
    const times = Array.from({ length: 12 }, (_, n) => (n % 3 === 0 ? [n] : [n, n])).flat();
    expect(all.map((r) => r.at)).toEqual(times.reverse());
    for (const terms of [[['x']], []]) {
      const paged: string[] = [];
      for (let before: string | undefined; ; ) {
        const page = await store.audit.find({ terms, limit: 1, ...(before !== undefined && { before }) });
        before = page.at(-1)?.id;
        if (before === undefined) break;
        paged.push(before);
      }
      expect(paged).toEqual(all.map((r) => r.id));
    }
  });

  test('the chain verifies, over appends, commits and a reopening', async () => {
    const { store } = place;
    expect(await store.audit.verify()).toEqual({ records: 0 });
    await Promise.all(Array.from({ length: 5 }, (_, n) => store.audit.append(record(n, 'x'))));
    await committed(store, [put(draft('Patient', 'a'))], { audit: [record(9, 'x')] });
    const other = await place.again();
    await Promise.all([other.store.audit.append(record(10, 'x')), store.audit.append(record(11, 'x'))]);
    expect(await store.audit.verify()).toEqual({ records: 8 });
    expect(await other.store.audit.verify()).toEqual({ records: 8 });
  });
}
