import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { json } from './client.ts';
import { type Serving, serving } from './serving.ts';

let server: Serving;
let headers: Record<string, string>;
beforeAll(async () => {
  server = await serving();
  headers = { authorization: `Bearer ${await server.token('system/*.cruds')}` };
  await send(server.origin, 'PUT', '/fhir/Patient/a', { resourceType: 'Patient', id: 'a' });
});
afterAll(() => server.stop());

/** Ids and times that each answer has of its own. */
const MADE = /[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g;

async function send(origin: string, method: string, path: string, body?: unknown, more: Record<string, string> = {}) {
  const response = await fetch(origin + path, {
    method,
    headers: { ...headers, 'content-type': 'application/fhir+json', 'x-request-id': 'same', ...more },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const all = [...response.headers].filter(([name]) => !['date', 'keep-alive', 'connection'].includes(name));
  return {
    status: response.status,
    headers: Object.fromEntries(all),
    body: (await response.text()).replace(MADE, '…'),
  };
}

test.each([
  ['GET', '/fhir/Patient/a'],
  ['HEAD', '/fhir/Patient/a'],
  ['GET', '/fhir/Patient/a?_pretty=true'],
  ['GET', '/fhir/Patient/a?_format=json'],
  ['GET', '/fhir/Patient/none'],
  ['GET', '/fhir/Patient?_id=a'],
  ['GET', '/fhir/Patient?nonsense=1'],
  ['GET', '/fhir/Patient/%ZZ'],
  ['GET', '/fhir/Nonsense/1'],
  ['GET', '/fhir/'],
  ['GET', '/fhir//Patient'],
  ['GET', '/fhir/metadata'],
  ['GET', '/fhir/Patient/a', undefined, { authorization: '' }],
  ['GET', '/fhir/Patient/a', undefined, { authorization: 'Bearer x' }],
  ['GET', '/fhir/Patient/a', undefined, { accept: 'application/fhir+xml' }],
  ['GET', '/fhir/Patient/a', undefined, { 'if-none-match': 'W/"1"' }],
  ['POST', '/fhir/Patient', '{'],
  ['POST', '/fhir/Patient', { resourceType: 'Observation' }],
  ['PUT', '/fhir/Patient/a', { resourceType: 'Patient', id: 'a' }],
  ['PUT', '/fhir/Patient/a', { resourceType: 'Patient', id: 'b' }],
  ['OPTIONS', '/fhir/Patient'],
  ['PURGE', '/fhir/Patient'],
] as [string, string, unknown?, Record<string, string>?][])(
  '%s %s is answered alike by the hot path and by Express',
  async (...[method, path, body, more]) => {
    const hot = await send(server.origin, method, path, body, more);
    const express = await send(server.expressOrigin, method, path, body, more);
    expect(express).toEqual(hot);
    expect(hot.headers['content-security-policy']).toBeDefined();
  },
);

test('both ways share one budget', async () => {
  const limited = await serving({ RATE_LIMITING_ENABLED: 'true', RATE_LIMIT_PER_MINUTE: '4' });
  try {
    const authorization = `Bearer ${await limited.token('system/*.rs')}`;
    const get = (origin: string) => fetch(`${origin}/fhir/Patient`, { headers: { authorization } });
    for (const origin of [limited.origin, limited.expressOrigin, limited.origin, limited.expressOrigin]) {
      expect((await get(origin)).status).toBe(200);
    }
    for (const origin of [limited.origin, limited.expressOrigin]) {
      const refused = await get(origin);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await json(refused)).issue[0]?.code).toBe('throttled');
    }
    // A token of its own has a budget of its own, and the anonymous are counted by address.
    const other = `Bearer ${await limited.token('system/*.rs')}`;
    expect((await fetch(`${limited.origin}/fhir/Patient`, { headers: { authorization: other } })).status).toBe(200);
  } finally {
    await limited.stop();
  }
});
