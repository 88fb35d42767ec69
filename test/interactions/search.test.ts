import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BASE, type Living, living, observation, type Seen } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
  for (const id of ['a', 'b'])
    await it.ask('PUT', `Patient/${id}`, { resourceType: 'Patient', id, name: [{ family: `Family${id}` }] });
  for (let n = 0; n < 5; n++) {
    const effectiveDateTime = `2026-01-0${n + 1}T00:00:00Z`;
    await it.ask('PUT', `Observation/o${n}`, { ...observation(n < 4 ? 'a' : 'b', { effectiveDateTime }), id: `o${n}` });
  }
});
afterAll(() => it.stop());

interface Entry {
  readonly resource: { readonly id: string; readonly resourceType: string };
  readonly search: { readonly mode: string };
}
const ids = ({ body }: Seen): string[] => (body.entry ?? []).map(({ resource }: Entry) => resource.id);
const link = ({ body }: Seen, relation: string): string | undefined =>
  body.link.find((candidate: { relation: string }) => candidate.relation === relation)?.url.slice(BASE.length);

describe('search', () => {
  test('pages lead forward and back, and no row comes twice', async () => {
    const first = await it.ask('GET', 'Observation?subject=Patient/a&_sort=date&_count=3');
    expect(ids(first)).toEqual(['o0', 'o1', 'o2']);
    const second = await it.ask('GET', link(first, 'next') ?? '');
    expect(ids(second)).toEqual(['o3']);
    expect(link(second, 'next')).toBeUndefined();
    expect(ids(await it.ask('GET', link(second, 'previous') ?? ''))).toEqual(['o0', 'o1', 'o2']);
    const forged = (link(first, 'next') ?? '').replace('Patient/a', 'Patient/b');
    expect((await it.ask('GET', forged)).status).toBe(400);
  });

  test('POST _search combines the parameters of URL and form', async () => {
    const found = await it.ask('POST', 'Observation/_search?subject=Patient/a', 'date=ge2026-01-03', {
      contentType: 'application/x-www-form-urlencoded',
    });
    expect(ids(found).sort()).toEqual(['o2', 'o3']);
  });

  test('includes follow references both ways', async () => {
    const found = await it.ask(
      'GET',
      'Patient?_id=a&_revinclude=Observation:subject&_include:iterate=Observation:subject',
    );
    const modes = found.body.entry.map(({ resource, search }: Entry) => `${resource.resourceType} ${search.mode}`);
    expect(modes).toEqual(['Patient match', ...Array(4).fill('Observation include')]);
    expect(ids(await it.ask('GET', 'Observation?_id=o4&_include=Observation:subject'))).toEqual(['o4', 'b']);
  });

  test('compartments, system searches and counts', async () => {
    expect(ids(await it.ask('GET', 'Patient/b/Observation'))).toEqual(['o4']);
    expect(ids(await it.ask('GET', 'Patient/b/*')).sort()).toEqual(['b', 'o4']);
    expect(ids(await it.ask('GET', '?_type=Patient,Observation&_id=a,o1')).sort()).toEqual(['a', 'o1']);
    expect((await it.ask('GET', 'Observation?_summary=count')).body).toMatchObject({ total: 5, type: 'searchset' });
    expect((await it.ask('GET', 'Observation?_total=accurate&_count=1')).body.total).toBe(5);
  });

  test('an unknown parameter is named; lenient handling says that it was left out', async () => {
    const refused = await it.ask('GET', 'Patient?famly=x');
    expect([refused.status, refused.body.issue[0].diagnostics]).toEqual([400, expect.stringContaining('famly')]);
    const lenient = await it.ask('GET', 'Patient?famly=x', undefined, { headers: { prefer: 'handling=lenient' } });
    expect(lenient.body.entry.at(-1)).toMatchObject({
      resource: { resourceType: 'OperationOutcome' },
      search: { mode: 'outcome' },
    });
    expect(link(lenient, 'self')).toBe('/Patient');
  });
});

describe('the permit', () => {
  const mine = { scope: 'patient/*.cruds', patient: 'a' };
  test('a patient’s token sees that patient and nothing beside, by every way of asking', async () => {
    expect((await it.ask('GET', 'Patient/a', undefined, mine)).status).toBe(200);
    expect((await it.ask('GET', 'Patient/b', undefined, mine)).status).toBe(404);
    expect((await it.ask('GET', 'Observation/o4', undefined, mine)).status).toBe(404);
    expect((await it.ask('GET', 'Observation/o4/_history/1', undefined, mine)).status).toBe(404);
    expect((await it.ask('GET', 'Observation/o4/_history', undefined, mine)).status).toBe(404);
    expect((await it.ask('GET', 'Patient?_summary=count', undefined, mine)).body.total).toBe(1);
    expect(ids(await it.ask('GET', 'Observation?_sort=date', undefined, mine))).toEqual(['o0', 'o1', 'o2', 'o3']);
    expect(ids(await it.ask('GET', 'Patient/b/Observation', undefined, mine))).toEqual([]);
    expect(ids(await it.ask('GET', 'Observation?subject:Patient.family=familyb', undefined, mine))).toEqual([]);
    expect(ids(await it.ask('GET', 'Observation/_history', undefined, mine)).sort()).toEqual(['o0', 'o1', 'o2', 'o3']);
    expect(ids(await it.ask('GET', '_history', undefined, mine)).sort()).toEqual(['a', 'o0', 'o1', 'o2', 'o3']);
    expect(ids(await it.ask('GET', '?_type=Patient,Observation', undefined, mine)).sort()).toEqual([
      'a',
      'o0',
      'o1',
      'o2',
      'o3',
    ]);
    let page = await it.ask('GET', '?_type=Patient,Observation&_count=2', undefined, mine);
    const seen = ids(page);
    for (let next = link(page, 'next'); next !== undefined; next = link(page, 'next')) {
      page = await it.ask('GET', next, undefined, mine);
      seen.push(...ids(page));
    }
    expect(seen.sort()).toEqual(['a', 'o0', 'o1', 'o2', 'o3']);
  });

  test('it writes for that patient alone', async () => {
    expect((await it.ask('POST', 'Observation', observation('a'), mine)).status).toBe(201);
    expect((await it.ask('POST', 'Observation', observation('b'), mine)).status).toBe(403);
    expect((await it.ask('PUT', 'Observation/o4', { ...observation('a'), id: 'o4' }, mine)).status).toBe(403);
    expect((await it.ask('PUT', 'Observation/o1', { ...observation('b'), id: 'o1' }, mine)).status).toBe(403);
    expect((await it.ask('GET', 'Observation/o4')).status).toBe(200);
    const patch = [{ op: 'replace', path: '/subject/reference', value: 'Patient/b' }];
    expect(
      (await it.ask('PATCH', 'Observation/o1', patch, { ...mine, contentType: 'application/json-patch+json' })).status,
    ).toBe(403);
  });

  test('a deletion does not tell what is hidden from what was never there, and deletes neither', async () => {
    const ifMatch = { ...mine, headers: { 'if-match': 'W/"1"' } };
    for (const url of ['Observation/o4', 'Observation/never'])
      expect([
        (await it.ask('DELETE', url, undefined, mine)).status,
        (await it.ask('DELETE', url, undefined, ifMatch)).status,
      ]).toEqual([404, 412]);
    expect((await it.ask('GET', 'Observation/o4')).status).toBe(200);
    const tried = await it.ask('GET', 'AuditEvent?entity=Observation/o4&outcome=4&action=D');
    expect(tried.body.entry).toHaveLength(2);
    const reader = { scope: 'patient/Observation.rs system/Observation.d?status=cancelled', patient: 'a' };
    expect((await it.ask('DELETE', 'Observation/o1', undefined, reader)).status).toBe(403);
  });

  test('a new reference to what is hidden is refused as one to nothing; one from before may stay', async () => {
    const refusal = async (target: string) => {
      const body = { ...observation('a'), hasMember: [{ reference: target }] };
      const { status, text } = await it.ask('POST', 'Observation', body, mine);
      return [status, text.replaceAll(target, 'target')];
    };
    const hidden = await refusal('Observation/o4');
    expect(hidden).toEqual(await refusal('Observation/never'));
    expect(hidden[0]).toBe(422);
    expect((await refusal('Observation/o1'))[0]).toBe(201);
    const held = { ...observation('a'), id: 'held', hasMember: [{ reference: 'Observation/o4' }] };
    await it.ask('PUT', 'Observation/held', held);
    const amended = await it.ask('PUT', 'Observation/held', { ...held, status: 'amended' }, mine);
    await it.ask('DELETE', 'Observation/held');
    expect(amended.status).toBe(200);
  });

  test('without the scope there is no search, include, chain, create or Bundle entry', async () => {
    const only = { scope: 'system/Observation.rs' };
    expect((await it.ask('GET', 'Patient', undefined, only)).status).toBe(403);
    expect((await it.ask('POST', 'Observation', observation('a'), only)).status).toBe(403);
    expect(ids(await it.ask('GET', 'Observation?_id=o4&_include=Observation:subject', undefined, only))).toEqual([
      'o4',
    ]);
    expect((await it.ask('GET', 'Observation?subject:Patient.family=x', undefined, only)).status).toBe(403);
    expect((await it.ask('GET', '?_type=Patient', undefined, only)).status).toBe(403);
    const entry = [{ resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } }];
    expect((await it.ask('POST', '', { resourceType: 'Bundle', type: 'transaction', entry }, only)).status).toBe(403);
    const batch = await it.ask('POST', '', { resourceType: 'Bundle', type: 'batch', entry }, only);
    expect(batch.body.entry[0].response.status).toBe('403 Forbidden');
    const conditional = await it.ask('POST', 'Observation', observation('a'), {
      scope: 'system/Observation.c',
      headers: { 'if-none-exist': 'code=x' },
    });
    expect(conditional.status).toBe(403);
  });
});
