import { describe, expect, test } from '@jest/globals';
import { committed, draft, ids, json, key, matching, put, query, remove, token, coded } from './made.ts';
import { fresh, type Open } from './opened.ts';

/** Versions, outcomes and everything that refuses or replays a commit. */
export function commitContract(open: Open): void {
  const place = fresh(open);

  test('a created resource is read back with version and time spliced into meta', async () => {
    const { store } = place;
    const made = draft('Patient', 'a', { text: 'Zoë 😀', meta: { source: '#1' }, patient: 'a' });
    const result = await committed(store, [{ kind: 'put', method: 'POST', draft: made, expect: { kind: 'absent' } }]);
    expect(result.versions).toEqual([{ outcome: 'created', version: 1, lastUpdated: result.lastUpdated }]);
    const read = await store.read(key('Patient', 'a'));
    expect(read).toMatchObject({
      type: 'Patient',
      id: 'a',
      version: 1,
      method: 'POST',
      deleted: false,
      patient: 'a',
      transaction: result.transaction,
    });
    const instant = new Date(result.lastUpdated).toISOString();
    expect(read?.body.toString('utf8')).toBe(
      `{"resourceType":"Patient","id":"a","meta":{"versionId":"1","lastUpdated":"${instant}","source":"#1"},"text":"Zoë 😀"}`,
    );
  });

  test('an empty meta gets no stray comma', async () => {
    await committed(place.store, [put(draft('Patient', 'a'))]);
    expect(json(await place.store.read(key('Patient', 'a')))).toMatchObject({ id: 'a', meta: { versionId: '1' } });
  });

  test('an id never used is unknown, and readMany keeps the order asked', async () => {
    const { store } = place;
    await committed(store, [put(draft('Patient', 'a')), put(draft('Patient', 'b')), put(draft('Group', 'a'))]);
    expect(await store.read(key('Patient', 'zzz'))).toBeUndefined();
    const many = await store.readMany([
      key('Patient', 'b'),
      key('Patient', 'no'),
      key('Group', 'a'),
      key('Patient', 'b'),
    ]);
    expect(many.map((v) => v && `${v.type}/${v.id}`)).toEqual(['Patient/b', undefined, 'Group/a', 'Patient/b']);
  });

  test('every version stays readable, and versions past the last are not there', async () => {
    const { store } = place;
    for (const word of ['one', 'two', 'three']) await committed(store, [put(draft('Patient', 'a', { text: word }))]);
    expect(json(await store.vread(key('Patient', 'a'), 1))).toMatchObject({ text: 'one', meta: { versionId: '1' } });
    expect(json(await store.vread(key('Patient', 'a'), 2))).toMatchObject({ text: 'two', meta: { versionId: '2' } });
    expect(json(await store.vread(key('Patient', 'a'), 3))).toMatchObject({ text: 'three' });
    expect(await store.vread(key('Patient', 'a'), 4)).toBeUndefined();
    expect(await store.vread(key('Patient', 'b'), 1)).toBeUndefined();
  });

  test('a deletion is a version, the id may come back, and its numbers go on', async () => {
    const { store } = place;
    await committed(store, [put(draft('Patient', 'a', { values: [token('gender', null, 'male')], patient: 'a' }))]);
    const deletion = await committed(store, [remove('Patient', 'a')]);
    expect(deletion.versions[0]).toMatchObject({ outcome: 'deleted', version: 2 });
    const gone = await store.read(key('Patient', 'a'));
    expect(gone).toMatchObject({ version: 2, deleted: true, method: 'DELETE', patient: 'a' });
    expect(gone?.body.length).toBe(0);
    expect(await matching(store, 'Patient', coded('gender', 'male'))).toEqual([]);
    expect(await ids(store, query('Patient'))).toEqual([]);
    const back = await committed(store, [put(draft('Patient', 'a', { text: 'back' }))]);
    expect(back.versions[0]).toMatchObject({ outcome: 'created', version: 3 });
    expect(await ids(store, query('Patient'))).toEqual(['a']);
  });

  test('deleting what is not there, or gone already, changes nothing', async () => {
    const { store } = place;
    expect((await committed(store, [remove('Patient', 'a')])).versions[0]?.outcome).toBe('unchanged');
    expect(await store.read(key('Patient', 'a'))).toBeUndefined();
    await committed(store, [put(draft('Patient', 'a'))]);
    await committed(store, [remove('Patient', 'a')]);
    expect((await committed(store, [remove('Patient', 'a')])).versions[0]).toMatchObject({
      outcome: 'unchanged',
      version: 2,
    });
  });

  test('an equal body makes no version; a changed one does', async () => {
    const { store } = place;
    const first = await committed(store, [put(draft('Patient', 'a', { text: 'same' }))]);
    const again = await committed(store, [put(draft('Patient', 'a', { text: 'same' }))]);
    expect(again.versions).toEqual([{ outcome: 'unchanged', version: 1, lastUpdated: first.lastUpdated }]);
    expect((await committed(store, [put(draft('Patient', 'a', { text: 'other' }))])).versions[0]).toMatchObject({
      outcome: 'updated',
      version: 2,
    });
  });

  test('an equal body made searchable by a new parameter set is found by it, without a new version', async () => {
    const { store } = place;
    await committed(store, [put(draft('Patient', 'a', { values: [token('gender', null, 'male')] }))]);
    const values = [token('sex', null, 'male')];
    const again = await committed(store, [put(draft('Patient', 'a', { values, indexed: 'v2' }))]);
    expect(again.versions[0]).toMatchObject({ outcome: 'unchanged', version: 1 });
    expect(await matching(store, 'Patient', coded('sex', 'male'))).toEqual(['a']);
    expect(await matching(store, 'Patient', coded('gender', 'male'))).toEqual([]);
  });

  test('an update is found by its new values only', async () => {
    const { store } = place;
    await committed(store, [put(draft('Patient', 'a', { values: [token('gender', null, 'male')] }))]);
    await committed(store, [put(draft('Patient', 'a', { text: '2', values: [token('gender', null, 'female')] }))]);
    expect(await matching(store, 'Patient', coded('gender', 'male'))).toEqual([]);
    expect(await matching(store, 'Patient', coded('gender', 'female'))).toEqual(['a']);
  });

  test('one resource twice in one commit is an error, and nothing is written', async () => {
    const { store } = place;
    await expect(store.commit({ changes: [put(draft('Patient', 'a')), remove('Patient', 'a')] })).rejects.toMatchObject(
      { kind: 'duplicate-target' },
    );
    expect(await store.read(key('Patient', 'a'))).toBeUndefined();
  });

  describe('that cannot hold what they expect', () => {
    test.each([
      ['absent', { kind: 'absent' }, 0],
      ['version 2', { kind: 'version', version: 2 }, 0],
    ] as const)('%s of a version 1: nothing is written, the version found is told', async (_, expectation, index) => {
      const { store } = place;
      await committed(store, [put(draft('Patient', 'a'))]);
      const refused = await store.commit({
        changes: [put(draft('Patient', 'a', { text: 'x' }), expectation), put(draft('Patient', 'b'))],
      });
      expect(refused).toEqual({
        kind: 'refused',
        because: { kind: 'expectation', change: index, current: { version: 1, deleted: false } },
      });
      expect(await store.read(key('Patient', 'b'))).toBeUndefined();
      expect((await store.read(key('Patient', 'a')))?.version).toBe(1);
    });

    test('present of an id never used, and present or a version of a deleted one', async () => {
      const { store } = place;
      const never = await store.commit({
        changes: [put(draft('Patient', 'b')), remove('Patient', 'a', { kind: 'present' })],
      });
      expect(never).toEqual({ kind: 'refused', because: { kind: 'expectation', change: 1, current: undefined } });
      await committed(store, [put(draft('Patient', 'a'))]);
      await committed(store, [remove('Patient', 'a', { kind: 'version', version: 1 })]);
      for (const expectation of [{ kind: 'present' }, { kind: 'version', version: 2 }] as const) {
        const gone = await store.commit({ changes: [put(draft('Patient', 'a'), expectation)] });
        expect(gone).toEqual({
          kind: 'refused',
          because: { kind: 'expectation', change: 0, current: { version: 2, deleted: true } },
        });
      }
      expect(
        (await store.commit({ changes: [put(draft('Patient', 'a', { text: 'n' }), { kind: 'absent' })] })).kind,
      ).toBe('committed');
    });

    test('a guard whose criteria match otherwise by now', async () => {
      const { store } = place;
      const where = coded('identifier', '123', 'urn:mrn');
      const made = (id: string) => put(draft('Patient', id, { values: [token('identifier', 'urn:mrn', '123')] }));
      const none = { key: 'identifier=urn:mrn|123', type: 'Patient', where, ids: [] };
      await committed(store, [made('a')], { guards: [none] });
      expect(await store.commit({ changes: [made('b')], guards: [none] })).toEqual({
        kind: 'refused',
        because: { kind: 'guard', guard: 0, ids: ['a'] },
      });
      expect(await store.read(key('Patient', 'b'))).toBeUndefined();
      expect((await store.commit({ changes: [made('a')], guards: [{ ...none, ids: ['a'] }] })).kind).toBe('committed');
      expect((await store.commit({ changes: [made('c')], guards: [{ ...none, ids: ['a', 'c'] }] })).kind).toBe(
        'refused',
      );
    });

    test('a required resource that is missing, gone, or deleted by the same commit', async () => {
      const { store } = place;
      const needs = { requires: [key('Patient', 'p')] };
      const missing = { kind: 'refused', because: { kind: 'missing', key: key('Patient', 'p') } };
      expect(await store.commit({ changes: [put(draft('Observation', 'o'))], ...needs })).toEqual(missing);
      expect(await store.read(key('Observation', 'o'))).toBeUndefined();
      expect(
        (await store.commit({ changes: [put(draft('Observation', 'o')), put(draft('Patient', 'p'))], ...needs })).kind,
      ).toBe('committed');
      expect((await store.commit({ changes: [put(draft('Observation', 'o2'))], ...needs })).kind).toBe('committed');
      expect(
        await store.commit({ changes: [put(draft('Observation', 'o3')), remove('Patient', 'p')], ...needs }),
      ).toEqual(missing);
      await committed(store, [remove('Patient', 'p')]);
      expect(await store.commit({ changes: [put(draft('Observation', 'o4'))], ...needs })).toEqual(missing);
    });
  });
}
