import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, client } from './client.ts';
import { type Serving, serving } from './serving.ts';

let server: Serving;
let c: Client;
beforeAll(async () => {
  server = await serving();
  c = await client(server);
  await c.post(
    '/fhir/Observation',
    '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":2.00}}',
  );
});
afterAll(() => server.stop());

/** Status, media type and text of a search's answer. */
const asked = async (query: string, accept?: string) => {
  const response = await c.get(`/fhir/Observation?${query}`, {
    ...c.authorised(),
    ...(accept !== undefined && { accept }),
  });
  const type = response.headers.get('content-type')?.split(';')[0];
  return { status: response.status, type, text: await response.text() };
};

describe('the form of an answer', () => {
  test('_format decides it, whatever Accept says', async () => {
    const forms = { json: 'application/fhir+json', xml: 'application/fhir+xml', html: 'text/html' };
    for (const [format, type] of Object.entries(forms)) {
      expect(await asked(`_format=${format}`, 'application/json')).toMatchObject({ status: 200, type });
    }
    expect(await asked('_format=application/fhir%2Bxml', 'text/html')).toMatchObject({ type: forms.xml });
    expect((await asked('_format=ttl')).status).toBe(406);
  });

  test('_format in the form of a posted search decides it too', async () => {
    const posted = (form: string) =>
      c.post('/fhir/Observation/_search', form, { 'content-type': 'application/x-www-form-urlencoded' });
    expect((await posted('_count=1&_format=xml')).headers.get('content-type')).toContain('application/fhir+xml');
    expect((await posted('_count=1&_format=ttl')).status).toBe(406);
  });

  test('a body of another version of FHIR is refused', async () => {
    const sent = (version: string) =>
      c.post(
        '/fhir/Patient',
        { resourceType: 'Patient' },
        { 'content-type': `application/fhir+json; fhirVersion=${version}` },
      );
    expect([(await sent('4.0')).status, (await sent('3.0')).status]).toEqual([201, 415]);
  });

  test('_pretty=true indents it and leaves decimals as they are', async () => {
    const [plain, pretty] = [await asked('_pretty=false'), await asked('_pretty=true')];
    expect(plain.text).not.toContain('\n');
    expect(pretty.text).toMatch(/\n +"value": 2\.00\n/);
    const content = (text: string) => JSON.parse(text).entry;
    expect(content(pretty.text)).toEqual(content(plain.text));
  });

  test('_format and _pretty hold of a history too', async () => {
    const history = async (query: string) => (await c.get(`/fhir/Observation/_history?${query}`)).text();
    expect(await history('_pretty=true')).toMatch(/\n +"value": 2\.00\n/);
    expect(await history('_format=xml')).toContain('<value value="2.00"/>');
  });

  test('gzip and brotli pack it for who accepts them', async () => {
    for (const [accepted, coding] of [
      ['gzip', 'gzip'],
      ['br', 'br'],
      ['gzip, br', 'br'],
      ['br;q=0, gzip', 'gzip'],
    ] as const) {
      const response = await c.get('/fhir/metadata', { 'accept-encoding': accepted });
      expect([accepted, response.headers.get('content-encoding')]).toEqual([accepted, coding]);
      expect(((await response.json()) as { resourceType: string }).resourceType).toBe('CapabilityStatement');
    }
  });
});
