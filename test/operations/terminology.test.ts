import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { terminologyOperations } from '../../operations/terminology/terminology.ts';
import { served } from '../../src/operation/served.ts';
import { type Living, living } from '../interactions/living.ts';

let it: Living;
const colours = {
  resourceType: 'CodeSystem',
  id: 'colours',
  url: 'http://example.org/colours',
  status: 'active',
  content: 'complete',
  concept: [
    { code: 'red', display: 'Red', concept: [{ code: 'crimson', display: 'Crimson' }] },
    { code: 'blue', display: 'Blue' },
  ],
};
const warm = {
  resourceType: 'ValueSet',
  id: 'warm',
  url: 'http://example.org/warm',
  version: '2',
  status: 'active',
  compose: { include: [{ system: colours.url, filter: [{ property: 'concept', op: 'is-a', value: 'red' }] }] },
};
beforeAll(async () => {
  it = await living({ operations: terminologyOperations.map(served) });
  for (const resource of [colours, warm]) {
    expect((await it.ask('PUT', `${resource.resourceType}/${resource.id}`, resource)).status).toBe(201);
  }
});
afterAll(() => it.stop());

const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
const said = (body: { parameter: { name: string; [member: string]: unknown }[] }) =>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  Object.fromEntries<any>(body.parameter.map(({ name, ...rest }) => [name, Object.values(rest)[0]]));
const query = (pairs: Record<string, string>) => new URLSearchParams(pairs).toString();
const GENDER = 'http://hl7.org/fhir/administrative-gender';
const GENDERS = 'http://hl7.org/fhir/ValueSet/administrative-gender';

test('their definitions are valid', () => {
  for (const { definition } of it.world.operations)
    expect(it.world.validate(definition).filter(({ severity }) => severity === 'error')).toEqual([]);
});

describe('$expand', () => {
  const expanded = async (pairs: Record<string, string>, path = 'ValueSet/$expand') =>
    (await it.ask('GET', `${path}?${query(pairs)}`)).body;
  test('lists a published value set with displays, total and what it depends on', async () => {
    const body = await expanded({ url: GENDERS });
    expect(body).toMatchObject({ resourceType: 'ValueSet', url: GENDERS, expansion: { total: 4 } });
    expect(body.expansion.contains[0]).toEqual({ system: GENDER, version: '4.0.1', code: 'male', display: 'Male' });
    expect(body.expansion.parameter).toContainEqual({ name: 'version', valueUri: `${GENDER}|4.0.1` });
    expect(it.world.validate(body).filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  test('filters by words and gives pages', async () => {
    const url = 'http://terminology.hl7.org/ValueSet/v3-ActEncounterCode';
    const all = await expanded({ url });
    const page = await expanded({ url, offset: '1', count: '2' });
    expect(page.expansion).toMatchObject({ total: all.expansion.total, offset: 1 });
    expect(page.expansion.contains).toEqual(all.expansion.contains.slice(1, 3));
    const filtered = await expanded({ url, filter: 'INPATIENT' });
    expect(filtered.expansion.contains.map(({ code }: { code: string }) => code).sort()).toEqual([
      'ACUTE',
      'IMP',
      'NONAC',
    ]);
    expect((await expanded({ url, count: '0' })).expansion.contains).toBeUndefined();
  });

  test('of a stored value set over a stored code system, by id and by canonical', async () => {
    const codes = (body: { expansion: { contains: { code: string }[] } }) =>
      body.expansion.contains.map(({ code }) => code);
    expect(codes(await expanded({}, 'ValueSet/warm/$expand'))).toEqual(['red', 'crimson']);
    expect(codes(await expanded({ url: warm.url, valueSetVersion: '2' }))).toEqual(['red', 'crimson']);
    expect((await it.ask('GET', `ValueSet/$expand?${query({ url: warm.url, valueSetVersion: '3' })}`)).status).toBe(
      404,
    );
    const without = { scope: 'system/ValueSet.rs' };
    const refused = await it.ask('GET', 'ValueSet/warm/$expand', undefined, without);
    expect([refused.status, refused.body.issue[0].diagnostics]).toEqual([404, expect.stringContaining(colours.url)]);
  });

  test('of a value set sent along, in Parameters or alone', async () => {
    const { id: _id, ...valueSet } = {
      ...warm,
      compose: { include: [{ valueSet: [GENDERS] }], exclude: [{ system: GENDER, concept: [{ code: 'other' }] }] },
    };
    const sent = await it.ask(
      'POST',
      'ValueSet/$expand',
      parameters({ name: 'valueSet', resource: valueSet }, { name: 'includeDefinition', valueBoolean: true }),
    );
    expect(sent.body.expansion.total).toBe(3);
    expect(sent.body.compose).toEqual(valueSet.compose);
    expect((await it.ask('POST', 'ValueSet/$expand', valueSet)).body.expansion.total).toBe(3);
    const broken = await it.ask('POST', 'ValueSet/$expand', { ...valueSet, status: 'nonsense' });
    expect([broken.status, broken.body.issue[0].expression]).toEqual([400, ['ValueSet.status']]);
  });

  test('says what is lacking', async () => {
    const refused = async (pairs: Record<string, string>) => {
      const { status, body } = await it.ask('GET', `ValueSet/$expand?${query(pairs)}`);
      return [status, body.issue[0].code, body.issue[0].expression?.[0]];
    };
    expect(await refused({ url: 'http://nowhere.org/vs' })).toEqual([404, 'not-found', 'url']);
    expect(await refused({ url: 'http://hl7.org/fhir/ValueSet/clinical-findings' })).toEqual([
      404,
      'not-found',
      'ValueSet.compose.include[0].system',
    ]);
    expect(await refused({})).toEqual([400, 'invalid', 'url']);
    expect(await refused({ url: GENDERS, count: '-1' })).toEqual([400, 'invalid', 'count']);
  });
});

describe('$validate-code', () => {
  const judged = async (path: string, pairs: Record<string, string>) =>
    said((await it.ask('GET', `${path}/$validate-code?${query(pairs)}`)).body);
  test('of a value set says yes with the display, or no with the reason', async () => {
    expect(await judged('ValueSet', { url: GENDERS, system: GENDER, code: 'male' })).toEqual({
      result: true,
      display: 'Male',
    });
    expect(await judged('ValueSet', { url: GENDERS, system: GENDER, code: 'x' })).toMatchObject({
      result: false,
      message: expect.stringContaining("'x'"),
    });
    expect(await judged('ValueSet', { url: GENDERS, system: GENDER, code: 'male', display: 'Female' })).toMatchObject({
      result: false,
      display: 'Male',
    });
    expect(await judged('ValueSet/warm', { system: colours.url, code: 'crimson' })).toMatchObject({ result: true });
    expect(await judged('ValueSet/warm', { system: colours.url, code: 'blue' })).toMatchObject({ result: false });
  });

  test('of a CodeableConcept says yes where one coding is in it', async () => {
    const concept = {
      coding: [
        { system: colours.url, code: 'blue' },
        { system: colours.url, code: 'red' },
      ],
    };
    const { body } = await it.ask(
      'POST',
      'ValueSet/warm/$validate-code',
      parameters({ name: 'codeableConcept', valueCodeableConcept: concept }),
    );
    expect(said(body)).toEqual({ result: true, display: 'Red' });
  });

  test('of a code system that is not known is false, not an error', async () => {
    const message = expect.stringContaining("'http://snomed.info/sct' is not known here");
    expect(await judged('CodeSystem', { url: 'http://snomed.info/sct', code: '1' })).toEqual({
      result: false,
      message,
    });
    expect(
      await judged('ValueSet', {
        url: 'http://hl7.org/fhir/ValueSet/clinical-findings',
        system: 'http://snomed.info/sct',
        code: '1',
      }),
    ).toEqual({ result: false, message });
  });

  test('of code systems, bundled, stored and sent along', async () => {
    expect(await judged('CodeSystem', { url: GENDER, code: 'female' })).toMatchObject({
      result: true,
      display: 'Female',
    });
    expect(await judged('CodeSystem/colours', { code: 'blue' })).toMatchObject({ result: true });
    const { id: _id, ...codeSystem } = colours;
    const sent = await it.ask(
      'POST',
      'CodeSystem/$validate-code',
      parameters({ name: 'codeSystem', resource: codeSystem }, { name: 'code', valueCode: 'green' }),
    );
    expect(said(sent.body)).toMatchObject({ result: false });
    expect((await it.ask('GET', 'CodeSystem/$validate-code?code=x')).body.issue[0].expression).toEqual(['url']);
  });
});

test('$lookup tells display, definition, parents and children', async () => {
  const ACT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
  const { body } = await it.ask('GET', `CodeSystem/$lookup?${query({ system: ACT, code: 'IMP' })}`);
  expect(said(body)).toMatchObject({ version: '2018-08-12', display: 'inpatient encounter' });
  const properties = body.parameter
    .filter(({ name }: { name: string }) => name === 'property')
    .map(({ part }: { part: { name: string }[] }) => said({ parameter: part }));
  expect(properties).toContainEqual({ code: 'child', value: 'ACUTE', description: 'inpatient acute' });
  expect(properties.map(({ code }: { code: string }) => code)).toContain('parent');
  const only = await it.ask('GET', `CodeSystem/$lookup?${query({ system: ACT, code: 'IMP', property: 'definition' })}`);
  expect(only.body.parameter.filter(({ name }: { name: string }) => name === 'property')).toHaveLength(1);
  expect((await it.ask('GET', `CodeSystem/$lookup?${query({ system: ACT, code: 'NOPE' })}`)).status).toBe(404);
  expect((await it.ask('GET', 'CodeSystem/$lookup?code=IMP')).status).toBe(400);
});

test('$subsumes compares within one system', async () => {
  const outcome = async (pairs: Record<string, string>, path = 'CodeSystem') =>
    (await it.ask('GET', `${path}/$subsumes?${query(pairs)}`)).body.parameter?.[0].valueCode;
  expect(await outcome({ system: colours.url, codeA: 'red', codeB: 'crimson' })).toBe('subsumes');
  expect(await outcome({ codeA: 'crimson', codeB: 'red' }, 'CodeSystem/colours')).toBe('subsumed-by');
  expect(
    (await it.ask('GET', `CodeSystem/$subsumes?${query({ system: colours.url, codeA: 'red' })}`)).body.issue[0]
      .expression,
  ).toEqual(['codeB']);
});

test('$translate uses the published maps, stored ones, and says when there is nothing', async () => {
  const ADDRESS = 'http://hl7.org/fhir/address-use';
  const known = said((await it.ask('GET', `ConceptMap/$translate?${query({ system: ADDRESS, code: 'home' })}`)).body);
  expect(known['result']).toBe(true);
  expect(said({ parameter: known['match'] })['concept']).toMatchObject({ code: 'H' });
  const map = {
    resourceType: 'ConceptMap',
    url: 'http://example.org/colour-map',
    status: 'active',
    group: [
      {
        source: colours.url,
        target: GENDER,
        element: [{ code: 'red', target: [{ code: 'female', equivalence: 'wider' }] }],
      },
    ],
  };
  const { headers, body } = await it.ask('POST', 'ConceptMap', map);
  expect(body.issue).toBeUndefined();
  expect((await it.ask('GET', `ConceptMap?source-system=${colours.url}`)).body.entry).toHaveLength(1);
  const id = headers['Location']?.split('/').at(-3);
  const stored = await it.ask('GET', `ConceptMap/$translate?${query({ system: colours.url, code: 'red' })}`);
  expect(said(stored.body)).toMatchObject({ result: true });
  const back = await it.ask(
    'GET',
    `ConceptMap/${id}/$translate?${query({ system: GENDER, code: 'female', reverse: 'true' })}`,
  );
  expect(said(said(back.body)['match'] ? { parameter: said(back.body)['match'] } : back.body)['concept']).toEqual({
    system: colours.url,
    code: 'red',
  });
  const none = said(
    (await it.ask('GET', `ConceptMap/$translate?${query({ system: colours.url, code: 'blue' })}`)).body,
  );
  expect(none).toMatchObject({ result: false, message: expect.stringContaining('blue') });
  expect(
    (await it.ask('GET', `ConceptMap/$translate?${query({ url: 'http://nowhere.org', system: 'a', code: 'b' })}`))
      .status,
  ).toBe(404);
});
