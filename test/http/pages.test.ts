import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

describe('pages', () => {
  const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

  test('the front page says what this is and where to go', async () => {
    const response = await c.get('/', browser);
    const html = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const link of ['/fhir/metadata', '/health', '/ready']) expect(html).toContain(link);
    expect(html).not.toContain('<script');
  });

  test('a resource can be read as a page with its token, an error too', async () => {
    const page = await c.get(`/fhir/Patient/${patient}`, { ...c.authorised(), ...browser });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain(`Patient/${patient}`);
    const refused = await c.get(`/fhir/Patient/${patient}`, browser);
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain('OperationOutcome');
  });

  test('what the demo made is linked, and nothing else is', async () => {
    const tag = [{ system: 'urn:novamind:tag', code: 'demo' }];
    const demo = (await json(await c.post('/fhir/Patient', { resourceType: 'Patient', meta: { tag }, gender: 'male' })))
      .id;
    const html = await (await c.get('/', browser)).text();
    expect(html).toContain(demo);
    expect(html).not.toContain(patient);
    const link = /href="(\/page\/Patient[^"]+)"/.exec(html)?.[1] ?? '';
    const page = await c.get(link, browser);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain(demo);
    expect((await c.get(link.replace(demo, patient), browser)).status).toBe(404);
  });

  test('health and readiness are open', async () => {
    expect(await json(await c.get('/health', {}))).toEqual({ status: 'ok' });
    expect(await json(await c.get('/ready', {}))).toEqual({ status: 'ready', checks: { store: 'ok' } });
  });

  test('what does not exist is a 404 with an OperationOutcome', async () => {
    const response = await c.get('/nowhere', {});
    expect(response.status).toBe(404);
    expect((await outcome(response)).code).toBe('not-found');
  });
});
