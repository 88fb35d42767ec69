import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, client, json, outcome } from './client.ts';
import { type Serving, serving } from './serving.ts';

let server: Serving;
let c: Client;
beforeAll(async () => {
  server = await serving({ BODY_LIMIT_BYTES: '20000', CORS_ORIGINS: 'https://app.example.org' });
  c = await client(server);
});
afterAll(() => server.stop());

describe('bodies', () => {
  test('one beyond the limit is a 413 that states the limit, announced or streamed or compressed', async () => {
    const big = JSON.stringify({ resourceType: 'Patient', id: 'x'.repeat(30_000) });
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from(big));
        controller.close();
      },
    });
    const streamed = fetch(`${server.origin}/fhir/Patient`, {
      method: 'POST',
      headers: { ...c.authorised(), 'content-type': 'application/fhir+json' },
      body: stream,
      duplex: 'half',
    } as RequestInit);
    for (const response of [
      await c.post('/fhir/Patient', big),
      await streamed,
      await c.post('/fhir/Patient', gzipSync(big), { 'content-encoding': 'gzip' }),
    ]) {
      expect(response.status).toBe(413);
      expect((await outcome(response)).diagnostics).toContain('20000');
    }
  });

  test('a gzip body is read, a broken one is refused, an unknown coding is named', async () => {
    const body = gzipSync(JSON.stringify({ resourceType: 'Patient' }));
    expect((await c.post('/fhir/Patient', body, { 'content-encoding': 'gzip' })).status).toBe(201);
    expect((await c.post('/fhir/Patient', 'no gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
    const unknown = await c.post('/fhir/Patient', body, { 'content-encoding': 'zstd' });
    expect(unknown.status).toBe(415);
    expect((await outcome(unknown)).diagnostics).toContain('zstd');
  });

  test('a type that is neither JSON nor XML is refused by its name and writes nothing', async () => {
    for (const type of ['text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded', 'image/png']) {
      const response = await c.post('/fhir/Patient', '{"resourceType":"Patient"}', { 'content-type': type });
      expect(response.status).toBe(415);
      expect((await outcome(response)).diagnostics).toContain(type);
    }
    for (const type of ['application/fhir+json', 'application/json', 'text/json', 'application/json+fhir']) {
      const response = await c.post('/fhir/Patient', '{"resourceType":"Patient"}', { 'content-type': type });
      expect(response.status).toBe(201);
    }
  });

  test('malformed JSON and a foreign charset are refused precisely', async () => {
    expect((await c.post('/fhir/Patient', '{"resourceType":')).status).toBe(400);
    const latin = await c.post('/fhir/Patient', '{}', { 'content-type': 'application/fhir+json; charset=iso-8859-1' });
    expect(latin.status).toBe(415);
  });

  test('a cut-off upload writes nothing and harms nobody', async () => {
    const head = `POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${c.token}\r\nContent-Type: application/fhir+json\r\nContent-Length: 500\r\n\r\n`;
    const before = (await json(await c.get('/fhir/Patient?_summary=count'))).total;
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(server.origin).port), '127.0.0.1', () => {
        socket.write(`${head}{"resourceType":"Patient"}`, () => socket.destroy());
      });
      socket.on('close', () => resolve());
    });
    expect((await json(await c.get('/fhir/Patient?_summary=count'))).total).toBe(before);
  });
});
