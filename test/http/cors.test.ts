import { expect, test } from '@jest/globals';
import { serving } from './serving.ts';

const ORIGIN = 'https://app.example.org';

test.each([
  ['where origins are allowed', ORIGIN, true],
  ['where none is', '', false],
])('the capability statement says what a browser meets, %s', async (_where, origins, allowed) => {
  const server = await serving({ CORS_ORIGINS: origins });
  try {
    const response = await fetch(`${server.origin}/fhir/metadata`, { headers: { origin: ORIGIN } });
    const { rest } = (await response.json()) as { rest: { security: { cors: boolean } }[] };
    expect(response.headers.get('access-control-allow-origin')).toBe(allowed ? ORIGIN : null);
    expect(rest[0]?.security.cors).toBe(allowed);
  } finally {
    await server.stop();
  }
});
