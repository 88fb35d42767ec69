import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, client } from './client.ts';
import { type Serving, serving } from './serving.ts';

let server: Serving;
let c: Client;
beforeAll(async () => {
  server = await serving();
  c = await client(server);
  await send('PUT', 'Patient/p', '{"resourceType":"Patient","id":"p"}', { 'content-type': 'application/fhir+json' });
});
afterAll(() => server.stop());

const BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const send = (method: string, path: string, body: string | Uint8Array, headers: Record<string, string>) =>
  fetch(`${server.origin}/fhir/${path}`, {
    method,
    headers: { ...c.authorised(), ...headers },
    body: Buffer.from(body),
  });
const post = (body: string | Uint8Array, type: string, more: Record<string, string> = {}) =>
  send('POST', 'Binary', body, { 'content-type': type, ...more });
const stored = async (body: string | Uint8Array, type: string, more: Record<string, string> = {}) =>
  (await (await post(body, type, more)).json()) as { id: string; contentType: string; data: string };
const read = (path: string, accept: string) => c.get(`/fhir/Binary/${path}`, { ...c.authorised(), accept });
const typeOf = (response: Response) => response.headers.get('content-type')?.split(';')[0];

describe('content written as it is', () => {
  test('is read byte for byte in its own type, in each of its versions, by whoever does not ask for FHIR', async () => {
    const { id } = await stored(BYTES, 'application/octet-stream', { 'x-security-context': 'Patient/p' });
    for (const accept of ['*/*', 'application/octet-stream', 'application/pdf', 'text/html']) {
      for (const path of [id, `${id}/_history/1`]) {
        const response = await read(path, accept);
        expect([response.status, typeOf(response)]).toEqual([200, 'application/octet-stream']);
        expect(new Uint8Array(await response.arrayBuffer())).toEqual(BYTES);
        expect(response.headers.get('x-security-context')).toBe('Patient/p');
        expect(response.headers.get('etag')).toBe('W/"1"');
      }
    }
  });

  test('is a Binary to whoever asks for FHIR', async () => {
    const { id } = await stored('hello', 'text/plain;charset=utf-8');
    expect(await (await read(id, 'application/fhir+json')).json()).toMatchObject({
      resourceType: 'Binary',
      contentType: 'text/plain;charset=utf-8',
      data: 'aGVsbG8=',
    });
    expect(typeOf(await read(id, 'application/fhir+xml'))).toBe('application/fhir+xml');
    expect(typeOf(await read(`${id}?_format=json`, '*/*'))).toBe('application/fhir+json');
    expect(typeOf(await read(`${id}?_elements=contentType`, '*/*'))).toBe('application/fhir+json');
  });

  test('is replaced by PUT, guarded by If-Match', async () => {
    const { id } = await stored('one', 'text/plain');
    const put = (version: string) =>
      send('PUT', `Binary/${id}`, 'two', { 'content-type': 'text/plain', 'if-match': version });
    expect([(await put('W/"9"')).status, (await put('W/"1"')).status]).toEqual([412, 200]);
    expect(await (await read(id, '*/*')).text()).toBe('two');
  });

  test('may be FHIR itself: what is no Binary is content', async () => {
    const document = JSON.stringify({ resourceType: 'Patient', active: true });
    expect(await stored(document, 'application/fhir+json')).toMatchObject({ contentType: 'application/fhir+json' });
    const clinical = '<ClinicalDocument xmlns="urn:hl7-org:v3"/>';
    const { id } = await stored(clinical, 'application/xml');
    expect(await (await read(id, '*/*')).text()).toBe(clinical);
    const binary =
      '<Binary xmlns="http://hl7.org/fhir"><contentType value="text/plain"/><data value="aGVsbG8="/></Binary>';
    expect(await stored(binary, 'application/fhir+xml')).toMatchObject({ contentType: 'text/plain', data: 'aGVsbG8=' });
  });

  test('may be JSON that is no FHIR, and come with the name of a file, as Medplum’s client sends it', async () => {
    const json = '{"a":[1,2]}';
    const { id } = await stored(json, 'application/json');
    expect(await (await read(id, 'text/plain')).text()).toBe(json);
    expect((await post(json, 'application/fhir+json')).status).toBe(400);
    const named = await send('POST', 'Binary?_filename=a.txt', 'hello', { 'content-type': 'text/plain' });
    expect(named.status).toBe(201);
    expect((await send('POST', 'Basic?_filename=a.txt', '{}', { 'content-type': 'application/json' })).status).toBe(
      400,
    );
  });

  test('that a page could run is sent into a sandbox', async () => {
    const { id } = await stored('<script>alert(1)</script>', 'text/html');
    expect((await read(id, 'text/html')).headers.get('content-security-policy')).toContain('sandbox');
  });
});

test.each(['text/plain\n;x=1', 'text/plain;x=é'])(
  '%j is a type that no header can hold: the Binary is told in FHIR JSON',
  async (contentType) => {
    const { id } = await stored(
      JSON.stringify({ resourceType: 'Binary', contentType, data: 'aGVsbG8=' }),
      'application/fhir+json',
    );
    const response = await read(id, '*/*');
    expect([response.status, typeOf(response)]).toEqual([200, 'application/fhir+json']);
  },
);

test('truncated FHIR JSON is refused, not kept as content', async () => {
  expect((await post('{"resourceType":"Binary"', 'application/fhir+json')).status).toBe(400);
});

test('a refusal is an OperationOutcome, whatever was asked for', async () => {
  const response = await read('nowhere', 'application/pdf');
  expect([response.status, typeOf(response)]).toEqual([404, 'application/fhir+json']);
});
