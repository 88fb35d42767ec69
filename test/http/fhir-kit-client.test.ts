import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'fhir-kit-client';
import { reachable } from './reachable.ts';
import type { Serving } from './serving.ts';

/** A peer's client, unmodified, drives a session as an EHR's integration would. */
describe('fhir-kit-client', () => {
  let server: Serving;
  let client: Client;
  beforeAll(async () => {
    server = await reachable();
    client = new Client({ baseUrl: `${server.origin}/fhir`, bearerToken: await server.token('system/*.cruds') });
  });
  afterAll(() => server.stop());

  test('reads the capability statement', async () => {
    const statement = await client.capabilityStatement();
    expect(statement['fhirVersion']).toBe('4.0.1');
  });

  test('creates, reads, updates, vreads, patches and deletes', async () => {
    const created = await client.create({
      resourceType: 'Patient',
      body: { resourceType: 'Patient', name: [{ family: 'Kit' }] },
    });
    const id = String(created['id']);
    expect(await client.read({ resourceType: 'Patient', id })).toEqual(created);
    const updated = await client.update({
      resourceType: 'Patient',
      id,
      body: { ...created, resourceType: 'Patient', active: true },
    });
    expect(updated['meta']).toMatchObject({ versionId: '2' });
    expect(await client.vread({ resourceType: 'Patient', id, version: '1' })).toEqual(created);
    const patched = await client.patch({
      resourceType: 'Patient',
      id,
      jsonPatch: [{ op: 'replace', path: '/active', value: false }],
    });
    expect(patched).toMatchObject({ active: false });
    await client.delete({ resourceType: 'Patient', id });
    await expect(client.read({ resourceType: 'Patient', id })).rejects.toMatchObject({ response: { status: 410 } });
  });

  test('runs a batch and a transaction', async () => {
    const entry = (family: string) => ({
      resource: { resourceType: 'Patient', name: [{ family }] },
      request: { method: 'POST' as const, url: 'Patient' },
    });
    const transaction = await client.transaction({
      body: { resourceType: 'Bundle', type: 'transaction', entry: [entry('Trans'), entry('Trans')] },
    });
    expect(transaction).toMatchObject({ type: 'transaction-response', entry: [{}, {}] });
    const batch = await client.batch({ body: { resourceType: 'Bundle', type: 'batch', entry: [entry('Trans')] } });
    expect(batch).toMatchObject({ type: 'batch-response' });
  });

  test('searches and follows pages without losing or repeating a row', async () => {
    const seen = new Set<string>();
    let page = await client.search({ resourceType: 'Patient', searchParams: { family: 'Trans', _count: 2 } });
    for (let pages = 0; page !== undefined && pages < 5; pages++) {
      for (const { resource } of (page as unknown as { entry: { resource: { id: string } }[] }).entry ?? []) {
        expect(seen.has(resource.id)).toBe(false);
        seen.add(resource.id);
      }
      page = (await client.nextPage({ bundle: page as never })) as typeof page;
    }
    expect(seen.size).toBe(3);
  });

  test('calls operations on the system, a type and a resource', async () => {
    const { id } = await client.create({ resourceType: 'Patient', body: { resourceType: 'Patient' } });
    const subject = { reference: `Patient/${String(id)}` };
    const body = { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject };
    await client.create({ resourceType: 'Observation', body });
    const patient = { resourceType: 'Patient', id: String(id) };
    for (const method of ['GET', 'POST'] as const) {
      const record = await client.operation({ name: 'everything', ...patient, method });
      expect(record).toMatchObject({ resourceType: 'Bundle', entry: [{}, {}] });
    }
    const wrong = { resourceType: 'Patient', gender: 'x' };
    const outcome = await client.operation({ name: '$validate', resourceType: 'Patient', input: wrong });
    expect(outcome).toMatchObject({ issue: [{ severity: 'error', expression: ['Patient.gender'] }] });
    const input = { url: 'http://hl7.org/fhir/ValueSet/administrative-gender' };
    const expanded = await client.operation({ name: 'expand', resourceType: 'ValueSet', method: 'GET', input });
    expect(expanded).toMatchObject({ expansion: { total: 4 } });
    expect(await client.operation({ name: 'meta', method: 'GET' })).toMatchObject({ resourceType: 'Parameters' });
  });

  test('creates and updates on a condition, posts searches, and resolves what is referred to', async () => {
    const identifier = [{ system: 'urn:kit', value: 'once' }];
    const body = { resourceType: 'Patient', identifier };
    const options = { headers: { 'If-None-Exist': 'identifier=urn:kit|once' } };
    const made = await client.create({ resourceType: 'Patient', body, options });
    expect(await client.create({ resourceType: 'Patient', body, options })).toEqual(made);
    const searchParams = { identifier: 'urn:kit|once' };
    const updated = await client.update({ resourceType: 'Patient', searchParams, body: { ...body, active: true } });
    expect(updated).toMatchObject({ id: made['id'], active: true });
    const posted = { resourceType: 'Patient', searchParams, options: { postSearch: true } };
    expect(await client.resourceSearch(posted)).toMatchObject({ total: 1, entry: [{ resource: updated }] });
    expect(await client.resolve({ reference: `Patient/${String(made['id'])}` })).toEqual(updated);
  });

  test('is told what is wrong by status and outcome', async () => {
    const told = (status: number, code: string) => ({ response: { status, data: { issue: [{ code }] } } });
    const invalid = { resourceType: 'Patient', gender: 'x' };
    const refused = client.create({ resourceType: 'Patient', body: invalid });
    await expect(refused).rejects.toMatchObject(told(422, 'code-invalid'));
    await expect(client.read({ resourceType: 'Patient', id: 'none' })).rejects.toMatchObject(told(404, 'not-found'));
    const stranger = new Client({ baseUrl: `${server.origin}/fhir`, bearerToken: 'wrong' });
    await expect(stranger.read({ resourceType: 'Patient', id: 'a' })).rejects.toMatchObject(told(401, 'login'));
  });

  test('reads history at all levels', async () => {
    for (const history of [await client.typeHistory({ resourceType: 'Patient' }), await client.systemHistory()]) {
      expect(history).toMatchObject({ resourceType: 'Bundle', type: 'history' });
    }
  });
});
