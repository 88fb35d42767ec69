import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { terminologyOperations } from '../../operations/terminology/terminology.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living({ operations: terminologyOperations.map(served) });
});
afterAll(() => it.stop());

const stated = async () => (await it.ask('GET', 'metadata?mode=terminology', undefined, { scope: '' })).body;

test('the TerminologyCapabilities are valid and list the code systems that are answered about, with their versions', async () => {
  const body = await stated();
  expect(it.world.validate(body).filter(({ severity }) => severity === 'error')).toEqual([]);
  const gender = 'http://hl7.org/fhir/administrative-gender';
  expect(body.codeSystem).toContainEqual({ uri: gender, version: [{ code: '4.0.1' }] });
  for (const { uri } of [body.codeSystem[0], body.codeSystem.at(-1)]) {
    const { status } = await it.ask('GET', `CodeSystem/$validate-code?url=${encodeURIComponent(uri)}&code=any`);
    expect(status).toBe(200);
  }
  const absent = await it.ask('GET', 'CodeSystem/$lookup?system=http://loinc.org&code=8867-4');
  expect(absent.status).toBe(404);
  expect(body.codeSystem.map(({ uri }: { uri: string }) => uri)).not.toContain('http://loinc.org');
});

test('what is stored is not told to everybody', async () => {
  const url = 'http://example.org/secret';
  const system = {
    resourceType: 'CodeSystem',
    id: 'secret',
    url,
    status: 'active',
    content: 'complete',
    concept: [{ code: 'a' }],
  };
  expect((await it.ask('PUT', 'CodeSystem/secret', system)).status).toBe(201);
  expect(JSON.stringify(await stated())).not.toContain(url);
});

test('the parameters of $expand are those that it takes', async () => {
  const { expansion } = await stated();
  const names = expansion.parameter.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['url', 'filter', 'activeOnly', 'force-system-version']));
  const known = await it.ask('GET', 'ValueSet/$expand?nothing=1');
  for (const name of names) expect(known.body.issue[0].diagnostics).toContain(name);
});
