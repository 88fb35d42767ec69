import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'fhir-kit-client';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Serving, serving } from './serving.ts';

/** A peer's client, unmodified, drives a session as an EHR's integration would. */
describe('fhir-kit-client', () => {
  let server: Serving;
  let client: Client;
  beforeAll(async () => {
    // Page links are absolute: the base must be where the server really is.
    const port = await freePort();
    server = await serving({ BASE_URL: `http://127.0.0.1:${port}` }, port);
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

  test('reads history at all levels', async () => {
    for (const history of [await client.typeHistory({ resourceType: 'Patient' }), await client.systemHistory()]) {
      expect(history).toMatchObject({ resourceType: 'Bundle', type: 'history' });
    }
  });
});

async function freePort(): Promise<number> {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const address = socket.address();
  socket.close();
  await once(socket, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
