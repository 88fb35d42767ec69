import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { terminologyOperations } from '../../operations/terminology/terminology.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living } from '../interactions/living.ts';

let it: Living;
const COLOURS = 'http://example.org/colours';
const GENDER = 'http://hl7.org/fhir/administrative-gender';
const GENDERS = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const PATIENT = 'http://hl7.org/fhir/StructureDefinition/Patient';
const colours = {
  resourceType: 'CodeSystem',
  id: 'colours',
  url: COLOURS,
  version: '1',
  status: 'active',
  date: '2025-05-01',
  content: 'complete',
  property: [{ code: 'status', type: 'code' }],
  concept: [
    {
      code: 'red',
      display: 'Red',
      designation: [
        { language: 'de-CH', value: 'Rot' },
        { use: { system: 'http://example.org/use', code: 'short' }, value: 'R' },
      ],
      concept: [{ code: 'dark-red', display: 'Dark red', concept: [{ code: 'crimson', display: 'Crimson' }] }],
    },
    { code: 'mauve', display: 'Mauve', property: [{ code: 'status', valueCode: 'retired' }] },
  ],
};
const all = {
  resourceType: 'ValueSet',
  id: 'all',
  url: 'http://example.org/all',
  status: 'active',
  date: '2025-05-01',
  compose: { include: [{ system: COLOURS }, { system: GENDER }] },
};
const map = {
  resourceType: 'ConceptMap',
  id: 'paint',
  url: 'http://example.org/paint',
  status: 'active',
  targetUri: 'http://example.org/paints',
  group: [
    {
      source: COLOURS,
      target: 'http://example.org/ral',
      element: [
        {
          code: 'red',
          target: [
            {
              code: '3000',
              equivalence: 'equivalent',
              dependsOn: [
                { property: 'http://example.org/finish', system: 'http://example.org/finishes', value: 'gloss' },
              ],
              product: [{ property: 'http://example.org/tin', system: 'http://example.org/tins', value: 'large' }],
            },
            { code: '3001', equivalence: 'wider' },
          ],
        },
      ],
    },
  ],
};
beforeAll(async () => {
  it = await living({ operations: terminologyOperations.map(served) });
  const profile = {
    resourceType: 'StructureDefinition',
    id: 'painted',
    url: 'http://example.org/painted',
    name: 'Painted',
    status: 'active',
    kind: 'resource',
    abstract: false,
    type: 'Observation',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Observation',
    derivation: 'constraint',
    differential: {
      element: [
        { id: 'Observation', path: 'Observation' },
        {
          id: 'Observation.value[x]',
          path: 'Observation.value[x]',
          binding: { strength: 'required', valueSet: all.url },
        },
      ],
    },
  };
  for (const resource of [colours, all, map, profile]) {
    const { status, text } = await it.ask('PUT', `${resource.resourceType}/${resource.id}`, resource);
    if (status !== 201) throw new Error(text);
  }
});
afterAll(() => it.stop());

const query = (pairs: Record<string, string>) => new URLSearchParams(pairs).toString();
const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
const said = (body: { parameter: { name: string; [member: string]: unknown }[] }) =>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  Object.fromEntries<any>(body.parameter.map(({ name, ...rest }) => [name, Object.values(rest)[0]]));
const ask = async (path: string, pairs: Record<string, string>) =>
  (await it.ask('GET', `${path}?${query(pairs)}`)).body;
const refused = async (path: string, pairs: Record<string, string>) => {
  const { status, body } = await it.ask('GET', `${path}?${query(pairs)}`);
  return [status, body.issue?.[0].expression?.[0], body.issue?.[0].diagnostics];
};
interface Contains {
  readonly code: string;
  readonly display: string;
  readonly designation?: object[];
  readonly contains?: Contains[];
}
const codes = ({ expansion }: { expansion: { contains?: Contains[] } }) =>
  (expansion.contains ?? []).map(({ code }) => code).sort();

describe('a context', () => {
  test.each([
    [`${PATIENT}#Patient.gender`, GENDERS],
    [`${PATIENT}#gender`, GENDERS],
    [`${PATIENT}#Patient.contact.gender`, GENDERS],
    ['http://example.org/painted#Observation.value[x]', all.url],
  ])('%s is the value set that the element is bound to', async (context, url) => {
    for (const contextDirection of ['incoming', 'outgoing']) {
      const body = await ask('ValueSet/$expand', { context, contextDirection });
      expect(body).toMatchObject({ resourceType: 'ValueSet', url });
      expect(it.world.validate(body).filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  test('a profile’s unbound element has its base’s binding, in POST too', async () => {
    const context = 'http://example.org/painted#Observation.status';
    const { body } = await it.ask('POST', 'ValueSet/$expand', parameters({ name: 'context', valueUri: context }));
    expect(body.url).toBe('http://hl7.org/fhir/ValueSet/observation-status');
  });

  test('makes a code without its system valid where there is one system only', async () => {
    const context = `${PATIENT}#Patient.gender`;
    expect(said(await ask('ValueSet/$validate-code', { context, code: 'male' }))).toMatchObject({ result: true });
    expect(said(await ask('ValueSet/$validate-code', { context, code: 'x' }))).toMatchObject({ result: false });
    const { id: _id, ...colour } = colours;
    await it.ask('PUT', 'CodeSystem/clash', {
      ...colour,
      id: 'clash',
      url: 'http://example.org/clash',
      concept: [{ code: 'male', display: 'Male' }],
    });
    await it.ask('PUT', 'ValueSet/all', {
      ...all,
      compose: { include: [...all.compose.include, { system: 'http://example.org/clash' }] },
    });
    const painted = { context: 'http://example.org/painted#value[x]', code: 'male' };
    expect(await refused('ValueSet/$validate-code', painted)).toEqual([
      400,
      'system',
      expect.stringContaining('http://example.org/clash'),
    ]);
    await it.ask('PUT', 'ValueSet/all', all);
  });

  test.each([
    [{ context: PATIENT }, 400, 'no context'],
    [{ context: `${PATIENT}#Patient.name` }, 400, 'no binding'],
    [{ context: `${PATIENT}#Patient.nonsense` }, 400, "'nonsense'"],
    [{ context: 'http://nowhere.org/sd#X.y' }, 404, 'http://nowhere.org/sd'],
    [{ context: `${PATIENT}#gender`, url: GENDERS }, 400, 'several ways'],
    [{ context: `${PATIENT}#gender`, contextDirection: 'sideways' }, 400, "'sideways'"],
  ])('%j is refused precisely', async (pairs, status, why) => {
    expect(await refused('ValueSet/$expand', pairs)).toEqual([
      status,
      expect.any(String),
      expect.stringContaining(why),
    ]);
  });
});

describe('a date', () => {
  const expanded = (date: string) => refused('ValueSet/all/$expand', { date });
  test('gives the definitions where they are as they were then, and refuses where they were changed since', async () => {
    expect((await expanded('2026-01-01'))[0]).toBe(200);
    expect((await expanded('2025-05-01'))[0]).toBe(200);
    expect(await expanded('2025-04-30')).toEqual([400, 'date', expect.stringContaining(all.url)]);
    expect((await refused('ValueSet/$expand', { url: GENDERS, date: '2020-01-01' }))[0]).toBe(200);
    expect((await refused('ValueSet/$expand', { url: GENDERS, date: '2018-01-01' }))[0]).toBe(400);
  });

  test('holds for $lookup and $validate-code too', async () => {
    for (const [path, pairs] of [
      ['CodeSystem/$lookup', { system: COLOURS, code: 'red' }],
      ['CodeSystem/$validate-code', { url: COLOURS, code: 'red' }],
      ['ValueSet/$validate-code', { url: all.url, system: COLOURS, code: 'red' }],
    ] as const) {
      expect((await refused(path, { ...pairs, date: '2025-06-01T10:00:00Z' }))[0]).toBe(200);
      expect((await refused(path, { ...pairs, date: '2024' })).slice(0, 2)).toEqual([400, 'date']);
      expect((await refused(path, { ...pairs, date: 'yesterday' }))[0]).toBe(400);
    }
  });
});

describe('$expand', () => {
  const expand = (pairs: Record<string, string>) => ask('ValueSet/all/$expand', pairs);
  test('nests where asked, each code once under the nearest above it that is in the list', async () => {
    const flat = await expand({ 'exclude-system': GENDER });
    expect(codes(flat)).toEqual(['crimson', 'dark-red', 'mauve', 'red']);
    const tree = await expand({ 'exclude-system': GENDER, excludeNested: 'false', count: '1' });
    const [red] = tree.expansion.contains as Contains[];
    expect([codes(tree), red?.contains?.[0]?.code, red?.contains?.[0]?.contains?.[0]?.code]).toEqual([
      ['mauve', 'red'],
      'dark-red',
      'crimson',
    ]);
    expect([tree.expansion.total, tree.expansion.offset]).toEqual([4, undefined]);
    const without = await expand({ 'exclude-system': GENDER, excludeNested: 'false', filter: 'r' });
    expect(without.expansion.total).toBe(3);
    expect((await expand({ excludeNested: 'false', count: '0' })).expansion.contains).toBeUndefined();
    expect(it.world.validate(tree).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('a code whose own group is filtered away keeps its place below the group above', async () => {
    const tree = await expand({ excludeNested: 'false', filter: 'r', activeOnly: 'true' });
    const only = (await expand({ excludeNested: 'false', filter: 'crimson' })).expansion.contains;
    expect(codes(tree)).toContain('red');
    expect(only.map(({ code }: Contains) => code)).toEqual(['crimson']);
  });

  test('a hierarchy that goes round or very deep is given once or refused, in bounded time', async () => {
    const concept = (code: string, parent: string) => ({ code, property: [{ code: 'parent', valueCode: parent }] });
    const system = (concepts: object[]) => ({
      ...colours,
      url: 'http://example.org/odd',
      property: [{ code: 'parent', type: 'code' }],
      concept: concepts,
    });
    const tree = async (concepts: object[]) => {
      await it.ask('PUT', 'CodeSystem/odd', { ...system(concepts), id: 'odd' });
      return it.ask(
        'POST',
        'ValueSet/$expand',
        parameters(
          { name: 'excludeNested', valueBoolean: false },
          {
            name: 'valueSet',
            resource: {
              resourceType: 'ValueSet',
              status: 'active',
              compose: { include: [{ system: 'http://example.org/odd' }] },
            },
          },
        ),
      );
    };
    const round = (await tree([concept('a', 'b'), concept('b', 'a')])).body;
    expect([round.expansion.total, JSON.stringify(round).match(/"code":"[ab]"/g)?.length]).toEqual([2, 2]);
    const deep = Array.from({ length: 3000 }, (_, n) => concept(`c${n}`, `c${n + 1}`));
    const refusedTree = await tree(deep);
    expect([refusedTree.status, refusedTree.body.issue[0].code]).toEqual([400, 'too-costly']);
  });

  test('gives displays and designations by language and use', async () => {
    const red = async (pairs: Record<string, string>) =>
      ((await expand(pairs)).expansion.contains as Contains[]).find(({ code }) => code === 'red');
    expect((await red({ displayLanguage: 'de' }))?.display).toBe('Rot');
    expect((await red({}))?.designation).toBeUndefined();
    expect((await red({ includeDesignations: 'true' }))?.designation).toHaveLength(2);
    expect((await red({ designation: 'de' }))?.designation).toMatchObject([{ value: 'Rot' }]);
    expect((await red({ designation: 'http://example.org/use|short' }))?.designation).toMatchObject([{ value: 'R' }]);
    expect((await red({ designation: 'fr' }))?.designation).toBeUndefined();
  });

  test('leaves out what is retired, and checks versions', async () => {
    expect(codes(await expand({ activeOnly: 'true', 'exclude-system': GENDER }))).not.toContain('mauve');
    expect((await refused('ValueSet/all/$expand', { 'check-system-version': `${COLOURS}|1` }))[0]).toBe(200);
    expect(await refused('ValueSet/all/$expand', { 'check-system-version': `${COLOURS}|2` })).toEqual([
      400,
      'check-system-version',
      expect.stringContaining("version '1', not '2'"),
    ]);
  });

  test('says by which parameters it was made, in their types', async () => {
    const { expansion } = await expand({ date: '2026-01-01', displayLanguage: 'de', count: '2', filter: 'r' });
    expect(expansion.parameter).toEqual(
      expect.arrayContaining([
        { name: 'date', valueDateTime: '2026-01-01' },
        { name: 'displayLanguage', valueCode: 'de' },
        { name: 'count', valueInteger: 2 },
        { name: 'filter', valueString: 'r' },
      ]),
    );
  });
});

test('$lookup gives the properties asked for, designations by language among them', async () => {
  const names = async (pairs: Record<string, string>) => {
    const { parameter } = await ask('CodeSystem/$lookup', { system: COLOURS, code: 'red', ...pairs });
    return parameter
      .filter(({ part }: { part?: object[] }) => part !== undefined)
      .map(({ name, part }: { name: string; part: { valueCode?: string }[] }) => [name, part[0]?.valueCode]);
  };
  expect(await names({})).toEqual([
    ['designation', 'de-CH'],
    ['designation', undefined],
    ['property', 'child'],
  ]);
  expect(await names({ property: 'child' })).toEqual([['property', 'child']]);
  expect(await names({ property: 'lang.de' })).toEqual([['designation', 'de-CH']]);
  expect((await names({ property: 'designation' })).length).toBe(2);
  expect(
    said(await ask('CodeSystem/$lookup', { system: COLOURS, code: 'red', displayLanguage: 'de-CH' })),
  ).toMatchObject({
    display: 'Rot',
  });
});

test('$subsumes compares Codings, and minds their version', async () => {
  const compare = (a: object, b: object) =>
    it.ask(
      'POST',
      'CodeSystem/$subsumes',
      parameters(
        { name: 'codingA', valueCoding: { system: COLOURS, ...a } },
        { name: 'codingB', valueCoding: { system: COLOURS, ...b } },
      ),
    );
  expect(said((await compare({ code: 'red' }, { code: 'crimson' })).body)).toEqual({ outcome: 'subsumes' });
  expect(said((await compare({ code: 'red', version: '1' }, { code: 'mauve' })).body)).toEqual({
    outcome: 'not-subsumed',
  });
  expect((await compare({ code: 'red', version: '9' }, { code: 'crimson' })).status).toBe(404);
  expect((await compare({ code: 'red' }, { code: 'male', system: GENDER })).status).toBe(400);
});

describe('$translate', () => {
  const asked = { name: 'coding', valueCoding: { system: COLOURS, code: 'red' } };
  const finish = (code: string, element = 'http://example.org/finish') => ({
    name: 'dependency',
    part: [
      { name: 'element', valueUri: element },
      { name: 'concept', valueCodeableConcept: { coding: [{ system: 'http://example.org/finishes', code }] } },
    ],
  });
  const translated = async (...more: object[]) => {
    const { status, body } = await it.ask('POST', 'ConceptMap/paint/$translate', parameters(asked, ...more));
    if (status !== 200) return [status, body.issue[0].diagnostics];
    const matches = body.parameter.filter(({ name }: { name: string }) => name === 'match');
    return matches.map((one: { part: [] }) => said({ parameter: one.part })['concept'].code);
  };

  test('a translation that depends on something else holds only with that value', async () => {
    expect(await translated()).toEqual(['3001']);
    expect(await translated(finish('matt'))).toEqual(['3001']);
    expect(await translated(finish('gloss'))).toEqual(['3000', '3001']);
    const { body } = await it.ask('POST', 'ConceptMap/paint/$translate', parameters(asked));
    expect(said(body)['message']).toContain('http://example.org/finish');
  });

  test('its products come with it', async () => {
    const { body } = await it.ask('POST', 'ConceptMap/paint/$translate', parameters(asked, finish('gloss')));
    const [first] = body.parameter.filter(({ name }: { name: string }) => name === 'match');
    const product = first.part.find(({ name }: { name: string }) => name === 'product');
    expect(product.part).toEqual([
      { name: 'element', valueUri: 'http://example.org/tin' },
      { name: 'concept', valueCoding: { system: 'http://example.org/tins', code: 'large' } },
    ]);
    expect(it.world.validate(body).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('target narrows to maps into that value set, reverse reads them backwards', async () => {
    const get = async (pairs: Record<string, string>) => said(await ask('ConceptMap/$translate', pairs))['result'];
    expect(await get({ system: COLOURS, code: 'red', target: 'http://example.org/paints' })).toBe(true);
    expect(await get({ system: COLOURS, code: 'red', target: 'http://example.org/other' })).toBe(false);
    expect(await get({ system: 'http://example.org/ral', code: '3000', reverse: 'true' })).toBe(true);
    expect(await get({ system: 'http://example.org/ral', code: '3000' })).toBe(false);
  });

  test('a dependency is refused where it says too little', async () => {
    expect(await translated({ name: 'dependency', part: [{ name: 'element', valueUri: 'x' }] })).toEqual([
      400,
      expect.stringContaining("'concept'"),
    ]);
    expect(await translated({ name: 'dependency', part: [{ name: 'nonsense', valueUri: 'x' }] })).toEqual([
      400,
      expect.stringContaining("'nonsense'"),
    ]);
    expect(await translated(finish('gloss'), { name: 'reverse', valueBoolean: true })).toEqual([
      400,
      expect.stringContaining('reverse'),
    ]);
  });
});

test.each([
  ['ValueSet/$expand', 'profile'],
  ['ValueSet/$validate-code', 'codesystem'],
  ['CodeSystem/$lookup', 'url'],
  ['CodeSystem/$subsumes', 'date'],
  ['ConceptMap/$translate', 'dependancy'],
])('%s names a parameter that it does not have: %s', async (path, name) => {
  expect(await refused(path, { [name]: 'x' })).toEqual([400, name, expect.stringContaining(`'${name}'`)]);
});
