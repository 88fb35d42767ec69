import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MedplumClient } from '@medplum/core';
import { reachable } from './reachable.ts';
import type { Serving } from './serving.ts';

/** Another peer's client, unmodified: what it offers that R4 defines works here as against its own server. */
describe('MedplumClient', () => {
  let server: Serving;
  let client: MedplumClient;
  const clientOf = (accessToken: string, more = {}) =>
    new MedplumClient({
      baseUrl: `${server.origin}/`,
      fhirUrlPath: 'fhir/',
      accessToken,
      fetch,
      cacheTime: 0,
      ...more,
    });
  beforeAll(async () => {
    server = await reachable();
    client = clientOf(await server.token('system/*.cruds'));
  });
  afterAll(() => server.stop());

  const identified = (value: string) => ({
    resourceType: 'Patient' as const,
    identifier: [{ system: 'urn:plum', value }],
  });
  const observation = (patient: string, day: number) => ({
    resourceType: 'Observation' as const,
    status: 'final' as const,
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: `2026-01-0${day}T00:00:00Z`,
  });

  test('creates, reads, updates, patches, tells history and deletes', async () => {
    const created = await client.createResource({ ...identified('crud'), active: true });
    const { id } = created;
    expect(await client.readResource('Patient', id)).toEqual(created);
    expect(await client.readReference({ reference: `Patient/${id}` })).toEqual(created);
    const updated = await client.updateResource({ ...created, gender: 'female' });
    expect(updated).toMatchObject({ gender: 'female', meta: { versionId: '2' } });
    const patch = [
      { op: 'test' as const, path: '/meta/versionId', value: '2' },
      { op: 'replace' as const, path: '/active', value: false },
    ];
    expect(await client.patchResource('Patient', id, patch)).toMatchObject({ active: false, gender: 'female' });
    expect(await client.readVersion('Patient', id, '1')).toEqual(created);
    const version = (versionId: string) => ({ resource: { id, meta: { versionId } } });
    expect(await client.readHistory('Patient', id)).toMatchObject({
      type: 'history',
      entry: ['3', '2', '1'].map(version),
    });
    await client.deleteResource('Patient', id);
    await expect(client.readResource('Patient', id)).rejects.toMatchObject({
      outcome: { issue: [{ code: 'deleted' }] },
    });
  });

  test('creates and updates by criteria', async () => {
    const once = () => client.createResourceIfNoneExist(identified('once'), 'identifier=urn:plum|once');
    const [first, second] = [await once(), await once()];
    expect(second).toEqual(first);
    const criteria = { identifier: 'urn:plum|once' };
    const upserted = await client.upsertResource({ ...identified('once'), active: true }, criteria);
    expect(upserted).toMatchObject({ id: first.id, active: true, meta: { versionId: '2' } });
    const made = await client.upsertResource(identified('new'), { identifier: 'urn:plum|new' });
    expect(made).toMatchObject({ ...identified('new'), meta: { versionId: '1' } });
    const ambiguous = client.upsertResource(identified('once'), { identifier: 'urn:plum|once,urn:plum|new' });
    await expect(ambiguous).rejects.toMatchObject({ outcome: { issue: [{ code: 'multiple-matches' }] } });
  });

  test('searches with includes, chains and reverse chains, to the last page', async () => {
    const { id } = await client.createResource({ ...identified('search'), name: [{ family: 'Plum' }] });
    for (let day = 1; day <= 5; day++) await client.createResource(observation(id, day));
    const sizes: number[] = [];
    for await (const page of client.searchResourcePages('Observation', { patient: id, _count: 2 })) {
      sizes.push(page.length);
    }
    expect(sizes).toEqual([2, 2, 1]);
    const newest = await client.searchOne('Observation', { 'subject:Patient.family': 'plum', _sort: '-date' });
    expect(newest).toMatchObject({ effectiveDateTime: '2026-01-05T00:00:00Z' });
    const query = `date=ge2026-01-04&patient=${id}&_include=Observation:patient`;
    const found = await client.searchResources('Observation', query);
    expect(found.map(({ resourceType }) => resourceType)).toEqual(['Observation', 'Observation', 'Patient']);
    const owners = await client.searchResources('Patient', { '_has:Observation:patient:code': '8867-4' });
    expect(owners.map((owner) => owner.id)).toEqual([id]);
    expect(await client.search('Observation', { patient: id })).toMatchObject({ type: 'searchset', total: 5 });
    expect(await client.searchOne('Patient', { identifier: 'nobody' })).toBeUndefined();
  });

  test('sends batches and transactions, and batches its own reads', async () => {
    const patient = 'urn:uuid:7e2c9d5b-6a0d-4b4c-9f51-2a8c2b1d9e11';
    const transaction = await client.executeBatch({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { fullUrl: patient, resource: identified('both'), request: { method: 'POST', url: 'Patient' } },
        {
          resource: { ...observation('x', 1), subject: { reference: patient } },
          request: { method: 'POST', url: 'Observation' },
        },
      ],
    });
    const response = { status: '201 Created' };
    expect(transaction).toMatchObject({ type: 'transaction-response', entry: [{ response }, { response }] });
    const batching = clientOf(await server.token('system/*.cruds'), { autoBatchTime: 5 });
    const [owner, observations, nobody] = await Promise.all([
      batching.searchOne('Patient', { identifier: 'urn:plum|both' }),
      batching.searchResources('Observation', 'patient.identifier=urn:plum|both'),
      batching.readResource('Patient', 'nobody').catch((error: Error) => error.message),
    ]);
    expect([...observations]).toMatchObject([{ subject: { reference: `Patient/${owner?.id}` } }]);
    expect(nobody).toContain('Patient/nobody is not known here');
  });

  test('calls operations and GraphQL', async () => {
    const { id } = await client.createResource(identified('operations'));
    await client.createResource(observation(id, 1));
    expect(await client.readPatientEverything(id)).toMatchObject({ type: 'searchset', entry: [{}, {}] });
    expect(await client.readPatientSummary(id)).toMatchObject({ type: 'document' });
    const wrong = { ...identified('x'), gender: 'x' } as unknown as ReturnType<typeof identified>;
    expect(await client.validateResource(wrong)).toMatchObject({ issue: [{ expression: ['Patient.gender'] }] });
    const url = 'http://hl7.org/fhir/ValueSet/administrative-gender';
    const expanded = await client.valueSetExpand({ url, filter: 'fem', count: 5 });
    expect(expanded.expansion?.contains).toMatchObject([{ code: 'female' }]);
    const asked = '($id: ID!) { Patient(id: $id) { id ObservationList(_reference: patient) { effectiveDateTime } } }';
    expect(await client.graphql(`query Q${asked}`, 'Q', { id })).toEqual({
      data: { Patient: { id, ObservationList: [{ effectiveDateTime: '2026-01-01T00:00:00Z' }] } },
    });
    await expect(client.requestSchema('Patient')).resolves.toBeUndefined();
  });

  test('stores files under their names and reads them back', async () => {
    const securityContext = { reference: 'Patient/plum' };
    await client.updateResource({ ...identified('file'), id: 'plum' });
    for (const [data, contentType] of [
      ['hello', 'text/plain'],
      ['{"a":[1,2]}', 'application/json'],
    ] as const) {
      const { id } = await client.createBinary({ data, contentType, filename: 'a file.txt', securityContext });
      const file = await client.download(client.fhirUrl('Binary', id), { headers: { Accept: '*/*' } });
      expect([await file.text(), file.type]).toEqual([data, contentType]);
      const read = await client.readResource('Binary', id);
      expect(read).toMatchObject({ contentType, securityContext });
    }
  });

  test('is told what is wrong', async () => {
    const outcome = (code: string) => ({ outcome: { issue: [{ code }] } });
    const wrong = { ...identified('x'), gender: 'x' } as unknown as ReturnType<typeof identified>;
    await expect(client.createResource(wrong)).rejects.toMatchObject(outcome('code-invalid'));
    const { id } = await client.createResource(identified('stale'));
    await client.updateResource({ ...identified('stale'), id, active: true });
    const stale = client.updateResource({ ...identified('stale'), id }, { headers: { 'If-Match': 'W/"1"' } });
    await expect(stale).rejects.toMatchObject(outcome('conflict'));
    await expect(client.search('Patient', 'nonsense=1')).rejects.toMatchObject(outcome('not-supported'));
    await expect(clientOf('a.b.c').readResource('Patient', id)).rejects.toMatchObject(outcome('login'));
  });
});
