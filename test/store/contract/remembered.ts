import { expect, test } from '@jest/globals';
import { and, type Predicate } from '../../../src/search/query.ts';
import {
  coded,
  committed,
  date,
  draft,
  ids,
  json,
  key,
  put,
  query,
  reference,
  refersTo,
  remove,
  sorted,
  token,
} from './made.ts';
import { fresh, type Open } from './opened.ts';

/** What a process remembers of earlier requests never shows where another process has changed it. */
export function rememberedContract(open: Open): void {
  const place = fresh(open);
  const mine = refersTo('subject', 'Patient', 'p');
  const asked = (code: string, more: Predicate[] = []) =>
    query('Observation', and(mine, coded('code', code, 'urn:l'), ...more), { sort: [sorted('date', 'date', true)] });
  const observation = (id: string, code: string, text: string, at: number, indexed = 'v1') =>
    put(
      draft('Observation', id, {
        text,
        patient: 'p',
        indexed,
        values: [reference('subject', 'Patient', 'p'), token('code', 'urn:l', code), date('date', at)],
      }),
    );

  test('an update and a deletion by another process show in the next search and read', async () => {
    const { store } = place;
    await committed(store, [observation('a', 'hr', 'first', 1), observation('b', 'hr', 'other', 2)]);
    expect(await ids(store, asked('hr'))).toEqual(['b', 'a']);
    expect(json(await store.read(key('Observation', 'a')))).toMatchObject({ text: 'first' });
    const { store: other } = await place.again();
    await committed(other, [observation('a', 'hr', 'second', 3), remove('Observation', 'b')]);
    const page = await store.search(asked('hr'));
    expect(page.matches.map((m) => json(m))).toMatchObject([{ id: 'a', text: 'second', meta: { versionId: '2' } }]);
    expect(json(await store.read(key('Observation', 'a')))).toMatchObject({ text: 'second' });
    expect(await store.read(key('Observation', 'b'))).toMatchObject({ deleted: true });
    expect(await store.readMany([key('Observation', 'b'), key('Observation', 'a')])).toMatchObject([
      { deleted: true },
      { version: 2 },
    ]);
  });

  test('a version that is indexed anew is found by its new values alone', async () => {
    const { store } = place;
    await committed(store, [observation('a', 'hr', 'same', 1)]);
    expect(await ids(store, asked('hr'))).toEqual(['a']);
    const { store: other } = await place.again();
    await committed(other, [observation('a', 'bp', 'same', 1, 'v2')]);
    expect(await ids(store, asked('hr'))).toEqual([]);
    expect(await ids(store, asked('bp'))).toEqual(['a']);
  });

  test('a reference to what another process deleted is refused', async () => {
    const { store } = place;
    await committed(store, [put(draft('Patient', 'p', { patient: 'p' })), put(draft('Patient', 'q'))]);
    const create = (id: string) =>
      store.commit({
        changes: [{ kind: 'put', method: 'POST', draft: draft('Observation', id), expect: { kind: 'absent' } }],
        requires: [key('Patient', 'p')],
      });
    for (const id of ['a', 'b', 'c']) expect((await create(id)).kind).toBe('committed');
    const { store: other } = await place.again();
    await committed(other, [remove('Patient', 'p')]);
    expect(await create('d')).toMatchObject({
      kind: 'refused',
      because: { kind: 'missing', key: key('Patient', 'p') },
    });
    expect(await create('e')).toMatchObject({ kind: 'refused', because: { kind: 'missing' } });
    await committed(other, [put(draft('Patient', 'p', { patient: 'p' }))]);
    expect((await create('f')).kind).toBe('committed');
  });

  test('an id that was deleted before is created again, and one in use is not', async () => {
    const { store } = place;
    await committed(store, [put(draft('Basic', 'gone')), put(draft('Basic', 'there'))]);
    await committed(store, [remove('Basic', 'gone')]);
    const create = (id: string) =>
      store.commit({
        changes: [{ kind: 'put', method: 'POST', draft: draft('Basic', id), expect: { kind: 'absent' } }],
      });
    expect(await create('gone')).toMatchObject({ kind: 'committed', versions: [{ outcome: 'created', version: 3 }] });
    expect(await create('there')).toMatchObject({ kind: 'refused', because: { kind: 'expectation' } });
    expect(await store.read(key('Basic', 'there'))).toMatchObject({ version: 1 });
  });
}
