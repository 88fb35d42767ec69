import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { reindex, reindexStatus } from '../../operations/reindex/reindex.ts';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { CustomSearch } from '../../src/interactions/search-parameters/custom-search.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living, observation, type Seen } from '../interactions/living.ts';

const log = pino({ level: 'silent' });
let it: Living;
let custom: CustomSearch;

beforeEach(async () => {
  const registry = loadRegistry();
  it = await living({ registry, operations: [reindex, reindexStatus].map(served) });
  custom = new CustomSearch({ store: it.world.store, registry, log, pollMs: 20 });
  Object.assign(it.world, { customSearch: custom });
  await custom.start();
  await it.ask('PUT', 'Patient/a', { resourceType: 'Patient', id: 'a', maritalStatus: { text: 'Married' } });
  for (let n = 0; n < 3; n++)
    await it.ask('PUT', `Observation/o${n}`, {
      ...observation('a', { issued: `2026-01-0${n + 1}T00:00:00Z` }),
      id: `o${n}`,
    });
});
afterEach(async () => {
  await custom.stop();
  await it.stop();
});

const ids = ({ body }: Seen): string[] =>
  (body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).sort();
const parameter = (more: object = {}) => ({
  resourceType: 'SearchParameter',
  id: 'issued',
  url: 'http://example.org/SearchParameter/issued',
  name: 'Issued',
  status: 'active',
  description: 'When it was made available',
  code: 'issued',
  base: ['Observation'],
  type: 'date',
  expression: 'Observation.issued',
  ...more,
});
const store = (resource: object & { id?: string }) =>
  it.ask('PUT', `SearchParameter/${resource.id ?? 'issued'}`, resource);
const indexed = () => it.ask('POST', 'Observation/$reindex?wait=true');

describe('a SearchParameter of one’s own', () => {
  test('is refused until $reindex has completed, then searched, sorted by and stated', async () => {
    expect((await store(parameter())).status).toBe(201);
    const early = await it.ask('GET', 'Observation?issued=2026-01-02');
    expect([early.status, early.body.issue[0].diagnostics]).toEqual([400, expect.stringContaining('$reindex')]);
    const answer = await indexed();
    expect(answer.status).toBe(200);
    expect(answer.body.parameter[0].part).toEqual(
      expect.arrayContaining([
        { name: 'state', valueCode: 'completed' },
        { name: 'done', valueInteger: 3 },
        { name: 'parameter', valueCode: 'issued' },
      ]),
    );
    expect(ids(await it.ask('GET', 'Observation?issued=2026-01-02'))).toEqual(['o1']);
    const sorted = await it.ask('GET', 'Observation?_sort=issued&_count=1');
    expect(sorted.body.entry[0].resource).toMatchObject({ id: 'o0', meta: { versionId: '1' } });
    const stated = await it.ask('GET', 'metadata');
    const { searchParam } = stated.body.rest[0].resource.find(({ type }: { type: string }) => type === 'Observation');
    expect(searchParam).toContainEqual(expect.objectContaining({ name: 'issued', type: 'date' }));
    await it.ask('PUT', 'Observation/o3', { ...observation('a', { issued: '2026-01-02T10:00:00Z' }), id: 'o3' });
    expect(ids(await it.ask('GET', 'Observation?issued=2026-01-02'))).toEqual(['o1', 'o3']);
  });

  test('takes any FHIRPath, of several types at once', async () => {
    await store(
      parameter({
        id: 'many',
        code: 'said',
        type: 'string',
        base: ['Patient', 'Observation'],
        expression:
          "Patient.maritalStatus.text.upper() | Observation.code.coding.where(system.startsWith('http://loinc')).code",
      }),
    );
    await it.ask('POST', '$reindex?wait=true');
    expect(ids(await it.ask('GET', 'Observation?said=8867'))).toEqual(['o0', 'o1', 'o2']);
    expect(ids(await it.ask('GET', 'Patient?said:exact=MARRIED'))).toEqual(['a']);
  });

  test('retired, it is unknown again; changed, it waits for another $reindex', async () => {
    await store(parameter());
    await indexed();
    await store(parameter({ expression: 'Observation.effective' }));
    expect((await it.ask('GET', 'Observation?issued=2026')).body.issue[0].diagnostics).toContain('$reindex');
    await indexed();
    expect(ids(await it.ask('GET', 'Observation?issued=2026-01-01'))).toEqual(['o0', 'o1', 'o2']);
    await store(parameter({ status: 'retired' }));
    expect((await it.ask('GET', 'Observation?issued=2026')).body.issue[0].diagnostics).toContain('unknown');
    await it.ask('DELETE', 'SearchParameter/issued');
    expect((await it.ask('GET', 'Observation?issued=2026')).status).toBe(400);
  });

  test('that cannot be searched by is refused when it is active, naming the element', async () => {
    const broken = await store(parameter({ expression: 'Observation..issued(' }));
    expect([broken.status, broken.body.issue[0].expression]).toEqual([422, ['SearchParameter.expression']]);
    expect((await store(parameter({ type: 'special' }))).body.issue[0].expression).toEqual(['SearchParameter.type']);
    expect((await store(parameter({ status: 'draft', expression: 'Observation..issued(' }))).status).toBe(201);
  });

  test('is refused where a type has another parameter of its code, R4’s or a stored one', async () => {
    const taken = await store(parameter({ code: 'status', base: ['Patient', 'Observation'], type: 'string' }));
    expect([taken.status, taken.body.issue[0].expression]).toEqual([422, ['SearchParameter.code']]);
    expect(taken.body.issue[0].diagnostics).toContain("'status' is in use for Observation");
    expect(ids(await it.ask('GET', 'Observation?status=final'))).toHaveLength(3);
    expect((await store(parameter())).status).toBe(201);
    expect((await store(parameter({ id: 'other', url: 'http://example.org/other' }))).status).toBe(422);
    expect((await store(parameter({ url: 'http://example.org/renamed' }))).status).toBe(200);
    await it.ask('DELETE', 'SearchParameter/issued');
    expect((await store(parameter({ id: 'other', url: 'http://example.org/other' }))).status).toBe(201);
  });

  test('that says the same as R4’s of its code is stored, as those of implementation guides are', async () => {
    const same = { code: 'status', type: 'token', expression: 'Observation.status' };
    expect((await store(parameter(same))).status).toBe(201);
    expect(ids(await it.ask('GET', 'Observation?status=final'))).toHaveLength(3);
    expect((await store(parameter({ ...same, expression: 'Observation.code' }))).status).toBe(422);
  });

  test('is learned of by another process, and so is its $reindex', async () => {
    const registry = loadRegistry();
    const other = new CustomSearch({ store: it.world.store, registry, log, pollMs: 20 });
    const known = async (): Promise<boolean | undefined> => {
      await other.refresh();
      return registry.searchParameters('Observation').get('issued')?.pending ?? false;
    };
    expect(await known()).toBe(false);
    await store(parameter());
    expect(await known()).toBe(true);
    await indexed();
    expect(await known()).toBe(false);
    expect(registry.searchParameters('Observation').has('issued')).toBe(true);
    expect(registry.searchHash('Observation')).toBe(it.world.registry.searchHash('Observation'));
  });
});

describe('$reindex', () => {
  test('answers at once, tells how it stands, and serves meanwhile', async () => {
    await store(parameter());
    const begun = await it.ask('POST', 'Observation/$reindex');
    expect([begun.status, begun.body.parameter[0].part]).toEqual([
      202,
      expect.arrayContaining([{ name: 'state', valueCode: 'running' }]),
    ]);
    expect((await it.ask('GET', 'Observation?status=final')).status).toBe(200);
    await it.ask('PUT', 'Observation/o1', { ...observation('a', { issued: '2027-01-01T00:00:00Z' }), id: 'o1' });
    await indexed();
    expect(ids(await it.ask('GET', 'Observation?issued=2027'))).toEqual(['o1']);
    const status = await it.ask('GET', '$reindex-status');
    expect(status.body.parameter[0].part).toContainEqual({ name: 'state', valueCode: 'completed' });
  });

  test('needs the right to update every resource of the type', async () => {
    const mine = await it.ask('POST', 'Observation/$reindex', undefined, { scope: 'patient/*.cruds', patient: 'a' });
    expect(mine.status).toBe(403);
    expect((await it.ask('POST', 'Observation/$reindex', undefined, { scope: 'system/*.rs' })).status).toBe(403);
    expect((await it.ask('POST', '$reindex?type=Nothing')).status).toBe(400);
  });

  test('tells how many there are to those alone who may search all of them', async () => {
    await indexed();
    const mine = { scope: 'patient/*.cruds system/Patient.rs', patient: 'a' };
    expect((await it.ask('GET', 'Observation/$reindex-status', undefined, mine)).status).toBe(403);
    expect((await it.ask('GET', '$reindex-status', undefined, mine)).body.parameter).toEqual([]);
    const all = await it.ask('GET', '$reindex-status', undefined, { scope: 'system/Observation.rs' });
    expect(all.body.parameter[0].part).toContainEqual({ name: 'total', valueInteger: 3 });
  });
});
