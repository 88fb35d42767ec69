import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Living, living } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
  await it.ask('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p', name: [{ family: 'A' }] });
});
afterAll(() => it.stop());

const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE' as const);
const segment = fc.oneof(
  fc.constantFrom(
    'Patient',
    'Observation',
    'AuditEvent',
    'p',
    '_history',
    '_search',
    'metadata',
    '*',
    '$validate',
    '1',
    '..',
    '__proto__',
    'a.0',
    'OperationDefinition',
  ),
  fc.string({ maxLength: 8 }).map((text) => text.replace(/[/?]/g, '')),
);
const name = fc.constantFrom(
  '_id',
  '_sort',
  '_count',
  '_include',
  '_revinclude',
  '_page',
  '_since',
  '_at',
  '_elements',
  '_summary',
  '_total',
  '_type',
  'name',
  'subject',
  'subject.name',
  '_has:Observation:subject:code',
  'date',
  '_lastUpdated',
  'mode',
  'agent',
  '__explain',
);
const value = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '-1',
    '0',
    '99999999999',
    'Patient/p',
    'true',
    'ge2026-02-30',
    '*',
    "' OR 1=1 --",
    '.*',
    'Observation:subject',
    '\u0000',
    '%',
  ),
);
const json = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '[]',
    'null',
    '{"resourceType":"Patient"}',
    '{"resourceType":"Bundle","type":"transaction","entry":{}}',
    '{"resourceType":"Patient","id":5,"meta":[]}',
    '{"resourceType":"Bundle","type":"batch","entry":[null,{"request":{"method":"GET","url":"%"}},{"request":{"method":"PATCH","url":"Patient/p"},"resource":{"resourceType":"Binary","contentType":"application/json-patch+json","data":"!"}}]}',
  ),
  fc.json(),
);
const type = fc.constantFrom(
  'application/fhir+json',
  'application/json-patch+json',
  'application/x-www-form-urlencoded',
  'text/plain',
);
const headers = fc.dictionary(
  fc.constantFrom('if-match', 'if-none-match', 'if-none-exist', 'if-modified-since', 'prefer', 'idempotency-key'),
  fc.oneof(value, fc.constantFrom('W/"1"', 'name=x', 'return=minimal')),
  { maxKeys: 2 },
);

test('whatever comes, the answer is no 5xx and nothing but a Problem is thrown', async () => {
  const request = fc.record({
    method,
    path: fc.array(segment, { maxLength: 4 }),
    query: fc.array(fc.tuple(name, value), { maxLength: 3 }),
    json,
    type,
    headers,
  });
  await fc.assert(
    fc.asyncProperty(request, async (asked) => {
      const query = asked.query.map(([key, text]) => `${key}=${encodeURIComponent(text)}`).join('&');
      const answer = await it.ask(asked.method, `${asked.path.join('/')}?${query}`, asked.json, {
        contentType: asked.type,
        headers: asked.headers,
      });
      expect(answer.status).toBeLessThan(500);
    }),
    { numRuns: 1500 },
  );
});

test('whatever an entry holds, a Bundle is answered, and a refusal names the entry', async () => {
  const entry = fc.record(
    {
      fullUrl: fc.oneof(value, fc.constant('urn:uuid:1')),
      resource: fc.jsonValue({ maxDepth: 3 }),
      request: fc.record(
        {
          method: fc.oneof(method, value),
          url: fc.array(segment, { maxLength: 3 }).map((path) => path.join('/')),
          ifMatch: value,
          ifNoneExist: value,
        },
        { requiredKeys: ['method'] },
      ),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('transaction', 'batch'),
      fc.array(entry, { maxLength: 3 }),
      async (kind, entries) => {
        const answer = await it.ask('POST', '', { resourceType: 'Bundle', type: kind, entry: entries });
        expect(answer.status).toBeLessThan(500);
        for (const { response } of answer.status === 200 ? (answer.body.entry ?? []) : [])
          expect(response.status).not.toMatch(/^5/);
        if (answer.status !== 200)
          expect(
            answer.body.issue.every(
              (issue: { expression?: string[] }) =>
                !entries.length || issue.expression?.[0]?.startsWith('Bundle') || answer.status === 400,
            ),
          ).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test('a refusal names what refuses first, and advice after it', async () => {
  const { body } = await it.ask('POST', 'Observation', { resourceType: 'Observation', code: { text: 'x' } });
  const severities = body.issue.map(({ severity }: { severity: string }) => severity);
  expect(severities[0]).toBe('error');
  expect(severities).toEqual([...severities].sort());
});

test('a malformed escape is refused wherever parameters come from', async () => {
  const form = { contentType: 'application/x-www-form-urlencoded' };
  const criteria = { headers: { 'if-none-exist': 'identifier=%zz' } };
  const answers = [
    await it.ask('POST', 'Patient/_search', 'name=%zz', form),
    await it.ask('POST', 'Patient/_search', 'name=%ff', form),
    await it.ask('POST', 'Patient', { resourceType: 'Patient' }, criteria),
  ];
  for (const { status, body } of answers) {
    expect([status, body.issue[0].code, body.issue[0].diagnostics]).toEqual([
      400,
      'invalid',
      expect.stringContaining('malformed % escape'),
    ]);
  }
});

test('-0 is a decimal and no integer', async () => {
  const born = (written: string) =>
    it.ask('POST', 'Patient', `{"resourceType":"Patient","multipleBirthInteger":${written}}`);
  expect((await born('0')).status).toBe(201);
  const refused = await born('-0');
  expect([refused.status, refused.body.issue[0].expression]).toEqual([400, ['Patient.multipleBirthInteger']]);
});
