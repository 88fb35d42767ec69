import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { CustomSearch } from '../../src/interactions/search-parameters/custom-search.ts';
import { type Living, living, type Seen } from './living.ts';

let it: Living;
let custom: CustomSearch;
const patient = (more: object = {}) => ({
  resourceType: 'Patient',
  id: 'p',
  name: [{ family: `${'a'.repeat(40)}!` }],
  ...more,
});

beforeAll(async () => {
  const registry = loadRegistry();
  it = await living({ registry });
  custom = new CustomSearch({ store: it.world.store, registry, log: it.world.log, pollMs: 1000 });
  Object.assign(it.world, { customSearch: custom });
  await custom.start();
  await it.ask('PUT', 'Patient/p', patient());
});
afterAll(async () => {
  await custom.stop();
  await it.stop();
});

/** The refusal's first issue; the patient must be as it was. */
async function refused(asked: Promise<Seen>): Promise<string> {
  const { status, body } = await asked;
  const [{ severity, code, diagnostics, expression = [] }] = body.issue;
  expect(severity).toBe('error');
  expect(diagnostics).not.toBe('');
  expect((await it.ask('GET', 'Patient/p')).body.meta.versionId).toBe('1');
  return [status, code, ...expression].join(' ');
}
const patch = (body: unknown) => it.ask('PATCH', 'Patient/p', body, { contentType: 'application/json-patch+json' });
const fhirPathPatch = (path: string, value: object = { valueBoolean: true }) => {
  const part = [
    { name: 'type', valueCode: 'add' },
    { name: 'path', valueString: path },
    { name: 'name', valueString: 'active' },
    { name: 'value', ...value },
  ];
  return it.ask('PATCH', 'Patient/p', { resourceType: 'Parameters', parameter: [{ name: 'operation', part }] });
};

describe('control characters', () => {
  test.each([
    ['U+0001', '\\u0001'],
    ['U+000B', '\\u000b'],
    ['U+001F', '\\u001f'],
  ])('%s in a string is refused with the element that holds it', async (name, escaped) => {
    const text = `{"resourceType":"Patient","name":[{"family":"A"},{"given":["B","C${escaped}"]}]}`;
    const { status, body } = await it.ask('POST', 'Patient', text);
    expect([status, body.issue[0].expression]).toEqual([400, ['Patient.name[1].given[1]']]);
    expect(body.issue[0].diagnostics).toContain(name);
  });

  test.each([
    ['a uri', '"identifier":[{"system":"urn:x\\u0002"}]', 'Patient.identifier[0].system'],
    [
      'a markdown text',
      '"extension":[{"url":"http://x.test","valueMarkdown":"a\\u0003"}]',
      'Patient.extension[0].valueMarkdown',
    ],
    [
      'the text of a primitive’s extension',
      '"_birthDate":{"extension":[{"url":"http://x.test","valueString":"\\u0004"}]}',
      'Patient.birthDate.extension[0].valueString',
    ],
    ['a name’s text', '"name":[{"text":"\\u0005"}]', 'Patient.name[0].text'],
  ])('%s has none either', async (_title, member, expression) => {
    const { status, body } = await it.ask('POST', 'Patient', `{"resourceType":"Patient",${member}}`);
    expect([status, body.issue[0].expression]).toEqual([400, [expression]]);
  });

  test('tab, line feed and carriage return stay', async () => {
    const answer = await it.ask('POST', 'Patient', { resourceType: 'Patient', name: [{ text: 'a\tb\r\nc' }] });
    expect([answer.status, answer.body.name[0].text]).toEqual([201, 'a\tb\r\nc']);
  });
});

describe('patches that grow or run without end are refused in time and change nothing', () => {
  test('copies of the whole into itself', async () => {
    const copy = { op: 'copy', from: '', path: '/contact/-' };
    const begun = performance.now();
    expect(await refused(patch([{ op: 'add', path: '/contact', value: [] }, ...Array(60).fill(copy)]))).toBe(
      '400 too-costly',
    );
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test('extensions within extensions, deeper than a body may be', async () => {
    const inner = { url: 'http://x.test', extension: [{ url: 'http://x.test', valueString: 'a' }] };
    const deeper = Array.from({ length: 40 }, (_, n) => ({
      op: 'add',
      path: `/extension/0${'/extension/0'.repeat(n)}`,
      value: inner,
    }));
    expect(await refused(patch([{ op: 'add', path: '/extension', value: [inner] }, ...deeper]))).toBe('413 too-long');
  });

  test('a resource larger than a body may be', async () => {
    const value = Array.from({ length: 900 }, () => ({ text: 'x'.repeat(1000) }));
    const copies = Array.from({ length: 12 }, (_, n) => ({
      op: 'add',
      path: `/contact/${n}`,
      value: { name: { text: 'y' }, telecom: value.map(({ text }) => ({ value: text })) },
    }));
    expect(await refused(patch([{ op: 'add', path: '/contact', value: [] }, ...copies]))).toBe('413 too-long');
  });

  test('a value that says how it is to be written', async () => {
    expect(await refused(patch('[{"op":{"toString":1},"path":""}]'))).toBe('400 structure');
    expect(await refused(patch('[{"op":"test","path":"/id","value":{"valueOf":1}}]'))).toBe('400 structure');
  });

  test.each([
    ['a pattern that backtracks', "Patient.name.where(family.matches('(a+)+$'))", '400 too-costly'],
    ['a replacement that backtracks', "Patient.name.family.replaceMatches('(.*)*x', 'y')", '400 too-costly'],
    ['steps that multiply', `Patient.name${'.select($this.combine($this))'.repeat(60)}`, '400 too-costly'],
    ['a text without end', `'a'${".replace('a','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')".repeat(8)}`, '400 too-costly'],
    ['a chain without end', `Patient${'.name'.repeat(5000)}`, '400 invalid'],
    ['a sum without end', `1${' + 1'.repeat(5000)}`, '400 invalid'],
    ['an unclosed bracket', 'a.b.c(', '400 invalid'],
  ])('FHIRPath with %s', async (_title, path, expected) => {
    expect(await refused(fhirPathPatch(path))).toMatch(new RegExp(`^${expected}`));
  });
});

test.each(['matches', 'replaceMatches', 'repeat', 'descendants', 'aggregate'])(
  'a SearchParameter with %s(), which would run with every write, is refused',
  async (name) => {
    const { status, body } = await it.ask('POST', 'SearchParameter', {
      resourceType: 'SearchParameter',
      url: 'http://x.test/SearchParameter/x',
      name: 'X',
      status: 'active',
      description: 'x',
      code: 'x',
      base: ['Patient'],
      type: 'string',
      expression: `Patient.name.family.${name}('(a+)+$')`,
    });
    expect([status, body.issue[0].expression]).toEqual([422, ['SearchParameter.expression']]);
    expect(body.issue[0].diagnostics).toContain(`${name}()`);
  },
);
