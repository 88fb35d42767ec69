import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, client, json } from './client.ts';
import { type Serving, serving } from './serving.ts';

let server: Serving;
let c: Client;
let patient: string;
beforeAll(async () => {
  server = await serving({ BODY_LIMIT_BYTES: '20000', CORS_ORIGINS: 'https://app.example.org' });
  c = await client(server);
  patient = (await json(await c.post('/fhir/Patient', { resourceType: 'Patient', gender: 'female' }))).id;
});
afterAll(() => server.stop());

describe('answers', () => {
  test('what is not HTTP is answered with an OperationOutcome', async () => {
    const text = await new Promise<string>((resolve) => {
      const chunks: Buffer[] = [];
      const socket = connect(Number(new URL(server.origin).port), '127.0.0.1', () => socket.write('NOT HTTP\r\n\r\n'));
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    });
    expect(text).toMatch(/^HTTP\/1.1 400 /);
    expect(text).toContain('OperationOutcome');
  });

  test('a form that is not spoken is a 406, not JSON in disguise', async () => {
    const response = await c.get(`/fhir/Patient/${patient}`, { ...c.authorised(), accept: 'text/turtle' });
    expect(response.status).toBe(406);
    expect((await c.get(`/fhir/Patient/${patient}?_format=ttl`)).status).toBe(406);
  });

  test('a large answer is compressed where the client accepts it', async () => {
    const response = await c.get('/fhir/metadata', { 'accept-encoding': 'br' });
    expect(response.headers.get('content-encoding')).toBe('br');
    expect((await json(response)).resourceType).toBe('CapabilityStatement');
    const plain = await c.get('/fhir/metadata', { 'accept-encoding': 'gzip;q=0' });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });

  test.each([
    ['gzip;q=1, br;q=0.5', 'gzip'],
    ['gzip, br', 'br'],
    ['*', 'br'],
    ['br;q=0, *;q=0.2', 'gzip'],
    ['gzip;q=0.5, identity;q=0.9', null],
    ['*;q=0', null],
    ['deflate', null],
  ])('of the codings of Accept-Encoding: %s the preferred one is given: %s', async (accepted, coding) => {
    const response = await c.get('/fhir/metadata', { 'accept-encoding': accepted });
    expect(response.headers.get('content-encoding')).toBe(coding);
  });

  test('no cache keeps what is read, and a 304 says what an answer depends on', async () => {
    const whole = await c.get(`/fhir/Patient/${patient}`);
    const known = { ...c.authorised(), 'if-none-match': whole.headers.get('etag') ?? '' };
    const same = await c.get(`/fhir/Patient/${patient}`, known);
    expect([whole.status, same.status]).toEqual([200, 304]);
    for (const { headers } of [whole, same]) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('vary')).toContain('Accept, Accept-Encoding');
    }
  });

  test('HEAD is GET without the body', async () => {
    const url = `${server.origin}/fhir/Patient/${patient}`;
    const head = await fetch(url, { method: 'HEAD', headers: c.authorised() });
    const full = await fetch(url, { headers: { ...c.authorised(), 'accept-encoding': 'identity' } });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    expect(head.headers.get('etag')).toBe(full.headers.get('etag'));
  });

  test('a request id that is well formed comes back, another is replaced', async () => {
    expect((await c.get('/fhir/metadata', { 'x-request-id': 'abc-1' })).headers.get('x-request-id')).toBe('abc-1');
    const made = (await c.get('/fhir/metadata', { 'x-request-id': 'a b<c>' })).headers.get('x-request-id');
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('an allowed origin may call from a browser, another may not', async () => {
    const ask = (origin: string, method = 'GET') =>
      fetch(`${server.origin}/fhir/Patient`, {
        method,
        headers: { origin, ...(method === 'OPTIONS' ? { 'access-control-request-method': 'PUT' } : c.authorised()) },
      });
    expect((await ask('https://app.example.org')).headers.get('access-control-allow-origin')).toBe(
      'https://app.example.org',
    );
    const preflight = await ask('https://app.example.org', 'OPTIONS');
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
    for (const name of ['If-None-Exist', 'Content-Encoding', 'X-Security-Context'])
      expect(preflight.headers.get('access-control-allow-headers')).toContain(name);
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('a patch in no known form is told which there are', async () => {
    const response = await fetch(`${server.origin}/fhir/Patient/${patient}`, {
      method: 'PATCH',
      headers: { ...c.authorised(), 'content-type': 'text/plain' },
      body: 'gender: male',
    });
    expect([response.status, response.headers.get('accept-patch')]).toEqual([
      415,
      expect.stringContaining('application/json-patch+json'),
    ]);
  });

  test('the log tells what was asked without ids, values or bodies', async () => {
    const id = 'secret-id-1';
    await c.get(`/fhir/Patient/${id}?name=Hidden`);
    await c.post('/fhir/Patient', { resourceType: 'Patient', name: [{ family: 'Hidden' }] });
    const lines = server.log.join('');
    expect(lines).toContain('"/fhir/Patient/:id?name"');
    for (const secret of [id, 'Hidden', c.token, patient]) expect(lines).not.toContain(secret);
  });
});
