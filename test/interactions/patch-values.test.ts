import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Living, living } from './living.ts';

let it: Living;
beforeAll(async () => {
  it = await living();
});
afterAll(() => it.stop());

type Part = readonly [name: string, value: object];
const patching = (...parts: readonly Part[]) => ({
  resourceType: 'Parameters',
  parameter: [{ name: 'operation', part: parts.map(([name, value]) => ({ name, ...value })) }],
});
const adding = (path: string, name: string, value: object) =>
  patching(
    ['type', { valueCode: 'add' }],
    ['path', { valueString: path }],
    ['name', { valueString: name }],
    ['value', value],
  );
const patient = async (more: object = {}): Promise<string> =>
  `Patient/${(await it.ask('POST', 'Patient', { resourceType: 'Patient', ...more })).body.id}`;

describe('a decimal that a patch replaces is the one that was sent', () => {
  const measured = '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":0.10}}';
  const shorter = '[{"op":"replace","path":"/valueQuantity/value","value":0.1}]';
  const create = async (): Promise<string> => `Observation/${(await it.ask('POST', 'Observation', measured)).body.id}`;

  test('0.10 becomes 0.1 by JSON Patch', async () => {
    const url = await create();
    const { text } = await it.ask('PATCH', url, shorter, { contentType: 'application/json-patch+json' });
    expect(text).toContain('"value":0.1}');
  });

  test('0.10 becomes 0.1 by FHIRPath Patch, and 0.100 after that', async () => {
    const url = await create();
    const replacing = (text: string) =>
      JSON.stringify(
        patching(
          ['type', { valueCode: 'replace' }],
          ['path', { valueString: 'Observation.value.value' }],
          ['value', { valueDecimal: 1 }],
        ),
      ).replace('"valueDecimal":1', `"valueDecimal":${text}`);
    expect((await it.ask('PATCH', url, replacing('0.1'))).text).toContain('"value":0.1}');
    expect((await it.ask('PATCH', url, replacing('0.100'))).text).toContain('"value":0.100}');
  });
});

describe('FHIRPath Patch', () => {
  test('adds what does not repeat only where it is not there yet', async () => {
    const url = await patient({ birthDate: '1980-01-01' });
    const { status, body } = await it.ask('PATCH', url, adding('Patient', 'birthDate', { valueDate: '1990-01-01' }));
    expect([status, body.issue[0].expression]).toEqual([422, ['Parameters.parameter[0]']]);
    expect((await it.ask('GET', url)).body.birthDate).toBe('1980-01-01');
  });

  test('builds an element of parts as its type has it: lists, choices, elements inside elements', async () => {
    const url = await patient();
    const value = {
      part: [
        { name: 'name', valueHumanName: { family: 'A' } },
        { name: 'telecom', valueContactPoint: { system: 'phone', value: '1' } },
        {
          name: 'extension',
          part: [
            { name: 'url', valueUri: 'urn:e' },
            { name: 'value', valueDecimal: 1 },
          ],
        },
      ],
    };
    const text = JSON.stringify(adding('Patient', 'contact', value)).replace('"valueDecimal":1', '"valueDecimal":1.0');
    const { status, body, text: stored } = await it.ask('PATCH', url, text);
    expect(status).toBe(200);
    expect(body.contact).toEqual([
      {
        name: { family: 'A' },
        telecom: [{ system: 'phone', value: '1' }],
        extension: [{ url: 'urn:e', valueDecimal: 1 }],
      },
    ]);
    expect(stored).toContain('"valueDecimal":1.0');
  });

  describe('keeps what stands beside a primitive with its value', () => {
    const extension = (value: string) => ({ extension: [{ url: 'urn:e', valueString: value }] });
    const named = () =>
      patient({ name: [{ given: ['a', 'b', 'c'], _given: [null, extension('of b'), null] }], birthDate: '1980-01-01' });
    const given = 'Patient.name[0].given';
    const path = (text: string): Part => ['path', { valueString: text }];
    const type = (code: string): Part => ['type', { valueCode: code }];
    const number = (name: string, value: number): Part => [name, { valueInteger: value }];
    const patched = async (url: string, patch: object) => {
      const { status, text, body } = await it.ask('PATCH', url, patch);
      if (status !== 200) throw new Error(text);
      return body;
    };

    test('where items are deleted, inserted and moved', async () => {
      const url = await named();
      const [name] = (await patched(url, patching(type('delete'), path(`${given}[0]`)))).name;
      expect(name).toEqual({ given: ['b', 'c'], _given: [extension('of b'), null] });
      const inserting = patching(type('insert'), path(given), number('index', 0), ['value', { valueString: 'x' }]);
      expect((await patched(url, inserting)).name[0]).toEqual({
        given: ['x', 'b', 'c'],
        _given: [null, extension('of b'), null],
      });
      const moving = patching(type('move'), path(given), number('source', 1), number('destination', 2));
      expect((await patched(url, moving)).name[0]).toEqual({
        given: ['x', 'c', 'b'],
        _given: [null, null, extension('of b')],
      });
      expect((await patched(url, patching(type('delete'), path(`${given}[2]`)))).name[0]).toEqual({
        given: ['x', 'c'],
      });
    });

    test('and adds and deletes its extensions', async () => {
      const url = await named();
      const value = { valueExtension: { url: 'urn:e', valueString: 'new' } };
      expect((await patched(url, adding('Patient.birthDate', 'extension', value)))._birthDate).toEqual(
        extension('new'),
      );
      expect((await patched(url, adding(`${given}[2]`, 'extension', value))).name[0]._given[2]).toEqual(
        extension('new'),
      );
      const emptied = await patched(url, patching(type('delete'), path('Patient.birthDate.extension')));
      expect([emptied.birthDate, emptied._birthDate]).toEqual(['1980-01-01', undefined]);
    });

    test('and touches no list where the path selects items of two', async () => {
      const url = await patient({ name: [{ given: ['a'] }, { given: ['b'] }] });
      const inserting = patching(type('insert'), path('Patient.name.given'), number('index', 0), [
        'value',
        { valueString: 'x' },
      ]);
      expect((await it.ask('PATCH', url, inserting)).status).toBe(422);
    });
  });

  test('adds a resource that is contained', async () => {
    const url = await patient({ managingOrganization: { display: 'o' } });
    const contained = { resource: { resourceType: 'Organization', id: 'o', name: 'O' } };
    const both = adding('Patient', 'contained', contained);
    const referring = patching(
      ['type', { valueCode: 'replace' }],
      ['path', { valueString: 'Patient.managingOrganization' }],
      ['value', { valueReference: { reference: '#o' } }],
    );
    const { status, body } = await it.ask('PATCH', url, {
      ...both,
      parameter: [...both.parameter, ...referring.parameter],
    });
    expect([status, body.contained?.[0].name]).toEqual([200, 'O']);
  });

  test.each([
    ['a part that there is not', [['values', { valueBoolean: true }]], "the part 'values' is not one of"],
    ['two values', [['value', { valueBoolean: true, valueString: 'x' }]], 'has both valueBoolean and valueString'],
    [
      'a part twice',
      [
        ['value', { valueBoolean: true }],
        ['value', { valueBoolean: false }],
      ],
      'is given twice',
    ],
    [
      'an unknown element inside of parts',
      [['value', { part: [{ name: 'colour', valueString: 'x' }] }]],
      "no element 'colour'",
    ],
  ] satisfies readonly (readonly [string, readonly Part[], string])[])(
    '%s is refused, not passed over',
    async (_what, parts, told) => {
      const url = await patient({ active: false });
      const operation: readonly Part[] = [
        ['type', { valueCode: 'replace' }],
        ['path', { valueString: 'Patient.active' }],
        ...parts,
      ];
      const { status, body } = await it.ask('PATCH', url, patching(...operation));
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body.issue[0].diagnostics).toContain(told);
      expect((await it.ask('GET', url)).body.active).toBe(false);
    },
  );
});
