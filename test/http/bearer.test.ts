import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { type Client, client, json, outcome } from './client.ts';
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

describe('bearer tokens', () => {
  const forged = (change: (jwt: SignJWT) => SignJWT, key: Uint8Array = server.key, claims = {}, alg = 'HS256') =>
    change(
      new SignJWT({ client_id: 'x', scope: 'system/*.cruds', ...claims })
        .setProtectedHeader({ alg })
        .setIssuer(server.config.JWT_ISSUER)
        .setAudience(server.config.fhirBase)
        .setExpirationTime('5m'),
    ).sign(key);

  test('a request without one is a 401 with an OperationOutcome and says what is wanted', async () => {
    for (const path of [
      '/fhir/Patient',
      '/fhir/Patient/x',
      '/fhir/_history',
      '/fhir',
      '/fhir/Patient/x/$everything',
      '/fhir/nothing',
    ]) {
      const response = await c.get(path, {});
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="fhir"');
      expect((await outcome(response)).code).toBe('login');
    }
  });

  test('a good one is let in, again from what is remembered', async () => {
    for (let time = 0; time < 2; time++) expect((await c.get(`/fhir/Patient/${patient}`)).status).toBe(200);
  });

  test.each([
    ['alg none', () => 'eyJhbGciOiJub25lIn0.eyJzY29wZSI6InN5c3RlbS8qLmNydWRzIn0.'],
    ['another key', () => forged((jwt) => jwt, Buffer.alloc(32, 1))],
    ['another algorithm', () => forged((jwt) => jwt, Buffer.concat([server.key, server.key]), {}, 'HS512')],
    ['another issuer', () => forged((jwt) => jwt.setIssuer('https://evil.example'))],
    ['an end that has passed', () => forged((jwt) => jwt.setExpirationTime(Math.floor(Date.now() / 1000) - 31))],
    ['a beginning in the future', () => forged((jwt) => jwt.setNotBefore('5m'))],
    ['a scope that is no text', () => forged((jwt) => jwt, server.key, { scope: ['system/*.cruds'] })],
    ['nothing in it', () => 'x'],
  ])('one with %s is refused as invalid_token', async (_case, make) => {
    const response = await c.get('/fhir/Patient', c.authorised(await make()));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  test('one without an end is refused', async () => {
    const token = await new SignJWT({ client_id: 'x', scope: 'system/*.cruds' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(server.config.JWT_ISSUER)
      .sign(server.key);
    expect((await c.get('/fhir/Patient', c.authorised(token))).status).toBe(401);
  });

  test('a scope reaches what it names and not more', async () => {
    const readOnly = c.authorised(await server.token('system/Observation.rs'));
    expect((await c.get('/fhir/Observation', readOnly)).status).toBe(200);
    const refused = await c.get('/fhir/Patient', readOnly);
    expect(refused.status).toBe(403);
    expect((await outcome(refused)).code).toBe('forbidden');
    expect((await c.post('/fhir/Observation', { resourceType: 'Observation' }, readOnly)).status).toBe(403);
  });

  test("a patient's token sees one patient, in reads, searches and counts", async () => {
    const other = (await json(await c.post('/fhir/Patient', { resourceType: 'Patient' }))).id;
    const own = c.authorised(await server.token('patient/*.rs', patient));
    expect((await c.get(`/fhir/Patient/${patient}`, own)).status).toBe(200);
    expect([403, 404]).toContain((await c.get(`/fhir/Patient/${other}`, own)).status);
    expect((await json(await c.get('/fhir/Patient?_summary=count', own))).total).toBe(1);
  });

  test('the capability statement and the SMART configuration are open', async () => {
    expect((await c.get('/fhir/metadata', {})).status).toBe(200);
    expect((await json(await c.get('/fhir/.well-known/smart-configuration', {}))).capabilities).toContain(
      'permission-v2',
    );
  });
});
