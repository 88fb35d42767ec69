import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operations } from '../../operations/index.ts';
import { loadDefinitions } from '../../src/compose.ts';
import { isObject, type Json, type JsonObject, listOf } from '../../src/fhir/resource.ts';
import { MODES } from '../../src/interactions/capabilities.ts';
import { HISTORY_PARAMETERS } from '../../src/interactions/history-request.ts';
import { HANDLINGS, RETURNS } from '../../src/interactions/preferences.ts';
import { ROUTES } from '../../src/interactions/routes.ts';
import { served } from '../../src/operation/served.ts';
import { INCLUDE_MODIFIERS, MISSING, MODIFIERS } from '../../src/search/modifiers.ts';
import { PREFIXES } from '../../src/search/prefix.ts';
import { CONTAINED, CONTAINED_TYPES, SUMMARIES, TOTALS } from '../../src/search/presentation.ts';
import { RESULT_PARAMETERS } from '../../src/search/result-parameters.ts';
import { type Living, living } from '../interactions/living.ts';
import { codes, expectSame, links, named, objects, rowsOf, tables } from './listed.ts';
import { titlesOf } from './readme-tables.ts';
import { refused } from './refused.ts';

let it: Living;
let rest: JsonObject;
let statement: JsonObject;
beforeAll(async () => {
  it = await living({
    cors: true,
    registry: loadDefinitions('profiles'),
    operations: operations({ models: [], languageModel: undefined, sanitizePhi: true }).map(served),
  });
  statement = (await it.ask('GET', 'metadata')).body;
  [rest = {}] = objects(statement['rest']);
});
afterAll(() => it.stop());

describe('the README’s tables', () => {
  test('name what they list, once, with a test each', () => {
    expect([...tables.keys()]).toHaveLength(12);
    for (const [head, rows] of tables) {
      expect([head, rows.length > 0]).toEqual([head, true]);
      for (const { cells, links: tests } of rows) {
        expect([head, cells[0]]).toEqual([head, expect.arrayContaining([expect.any(String)])]);
        expect([cells[0], tests.length > 0]).toEqual([cells[0], true]);
      }
    }
  });

  test('point at tests that there are, by their titles', () => {
    const missing = links.filter(({ file, title }) => {
      if (file === 'test/honesty/surface.test.ts' && title === '') return false;
      return !file.endsWith('.test.ts') || !existsSync(file) || !titlesOf(file).has(title);
    });
    expect(missing).toEqual([]);
    expect(links.length).toBeGreaterThan(100);
  });
});

describe('interactions', () => {
  const listed = () =>
    rowsOf('interaction').flatMap(({ cells: [names = [], requests = []] }) =>
      names.flatMap((name) => requests.map((request) => `${name}: ${request.replace(/\?\[criteria\]$/, '')}`)),
    );

  test('are those of the route table', () => {
    const routes = ROUTES.flatMap(({ interaction, method, pattern }) => {
      const request = `${method} ${pattern === '' ? '[base]' : pattern.replace(/:(\w+)/g, '[$1]')}`;
      // One route takes both kinds of Bundle.
      const also = interaction === 'transaction' ? [`batch: ${request}`] : [];
      return [`${interaction}: ${request}`, ...also];
    });
    expectSame(listed(), routes);
  });

  test('are those of the CapabilityStatement, for every type', () => {
    const ofTypes = new Set(listed().flatMap((each) => /^(\S+): \w+ \[type\]/.exec(each)?.[1] ?? []));
    const ofSystem = new Set(listed().map((each) => each.split(':')[0] ?? ''));
    for (const name of [...ofTypes, 'capabilities']) ofSystem.delete(name);
    for (const resource of objects(rest['resource'])) expectSame(codes(resource['interaction']), ofTypes);
    expectSame(codes(rest['interaction']), ofSystem);
  });
});

test('forms and conditions are those of the CapabilityStatement, for every type', () => {
  const told = (name: string, value: Json | undefined): string[] =>
    value === true ? [name] : listOf(value).map((each) => `${name}=${String(each)}`);
  const general = ['format', 'patchFormat'].flatMap((name) => told(name, statement[name]));
  const { security } = rest;
  const cors = isObject(security) ? told('security.cors', security['cors']) : [];
  const apart = new Set([
    'type',
    'profile',
    'interaction',
    'searchParam',
    'searchInclude',
    'searchRevInclude',
    'operation',
  ]);
  for (const resource of objects(rest['resource'])) {
    const own = Object.keys(resource).filter((name) => !apart.has(name));
    expectSame(named('in the CapabilityStatement'), [
      ...general,
      ...cors,
      ...own.flatMap((name) => told(name, resource[name])),
    ]);
  }
});

test('preferences are those that are read from Prefer', () => {
  expectSame(named('`Prefer`'), [...RETURNS.map((it) => `return=${it}`), ...HANDLINGS.map((it) => `handling=${it}`)]);
});

describe('search', () => {
  test('types are those of the parser and of the CapabilityStatement', () => {
    expectSame(named('type'), Object.keys(MODIFIERS));
    expectSame(
      named('type'),
      objects(rest['resource']).flatMap((resource) => codes(resource['searchParam'], 'type')),
    );
  });

  test('prefixes are those of the parser, of all that two letters can be', () => {
    expectSame(named('prefix'), PREFIXES);
    const letters = [...'abcdefghijklmnopqrstuvwxyz'];
    const pairs = letters.flatMap((first) => letters.map((second) => `${first}${second}`));
    for (const query of ['Patient?birthdate=%2020', 'RiskAssessment?probability=%1', 'Observation?value-quantity=%1']) {
      const [type = '', parameter = ''] = query.split('?');
      const taken = pairs.filter((pair) => !refused(type, parameter.replace('%', pair), /is no prefix/));
      expectSame(named('prefix'), taken);
    }
  });

  test('modifiers are those of the parser, for the types of parameter that they apply to', () => {
    const listed = rowsOf('modifier').flatMap(({ cells: [modifiers = [], of = []] }) =>
      modifiers.flatMap((modifier) => of.map((type) => `${type}${modifier}`)),
    );
    const known = Object.entries(MODIFIERS).flatMap(([type, modifiers]) =>
      [...modifiers, MISSING].map((modifier) => `${type}:${modifier}`),
    );
    const ofIncludes = ['_include', '_revinclude'].flatMap((name) => INCLUDE_MODIFIERS.map((it) => `${name}:${it}`));
    expectSame(listed, [...known, 'reference:[type]', ...ofIncludes]);

    const EXAMPLES = {
      number: 'RiskAssessment?probability%=0.5',
      date: 'Patient?birthdate%=2020',
      string: 'Patient?family%=x',
      token: 'Patient?gender%=male',
      reference: 'Observation?subject%=Patient/1',
      composite: 'Observation?code-value-quantity%=x$1',
      quantity: 'Observation?value-quantity%=1',
      uri: 'ValueSet?url%=http://x.test',
      special: 'Location?near%=1|1',
      _include: 'Observation?_include%=Observation:subject',
      _revinclude: 'Patient?_revinclude%=Observation:subject',
    };
    // Of other versions of FHIR, and none at all, besides.
    const tried = [...named('modifier'), ':code-text', ':text-advanced', ':list', ':below-all', ':Exact'];
    const taken = Object.entries(EXAMPLES).flatMap(([kind, example]) => {
      const [type = '', query = ''] = example.split('?');
      const asked = (modifier: string) => query.replace('%', modifier.replace('[type]', 'Patient'));
      return tried
        .filter((modifier) => !refused(type, asked(modifier), /does not apply/))
        .map((modifier) => `${kind}${modifier}`);
    });
    expectSame(listed, taken);
  });

  test('parameters of every type are those of the CapabilityStatement, for the system and for every type', () => {
    expectSame(named('parameter'), codes(rest['searchParam'], 'name'));
    for (const resource of objects(rest['resource'])) {
      const own = codes(resource['searchParam'], 'name').filter((name) => name.startsWith('_'));
      // What is no DomainResource has no narrative; nothing is joined to the log, which is no stored resource.
      const joined = resource['type'] !== 'AuditEvent';
      expectSame(
        named('parameter').filter((name) =>
          name === '_text' ? own.includes(name) : joined || !/^_(?:has|list)$/.test(name),
        ),
        own,
      );
      expect(resource).toEqual(
        joined ? expect.anything() : expect.not.objectContaining({ searchInclude: expect.anything() }),
      );
    }
  });

  test('result parameters are those of the parser, with what they may be', () => {
    const values: Readonly<Record<string, readonly string[]>> = {
      _summary: SUMMARIES,
      _total: TOTALS,
      _contained: CONTAINED,
      _containedType: CONTAINED_TYPES,
    };
    expectSame(
      named('result parameter'),
      RESULT_PARAMETERS.flatMap((name) => values[name]?.map((value) => `${name}=${value}`) ?? [name]),
    );
  });
});

test('parameters of histories and of metadata are those that are read', () => {
  expectSame(named('of a history'), HISTORY_PARAMETERS);
  expectSame(
    named('of metadata'),
    MODES.map((mode) => `mode=${mode}`),
  );
});

test('compartments are those of the CapabilityStatement', () => {
  expectSame(
    named('compartment'),
    listOf(rest['compartment']).map((url) => String(url).split('/').at(-1) ?? ''),
  );
});

describe('operations', () => {
  const listed = () =>
    rowsOf('operation').flatMap(({ cells: [names = [], places = []] }) =>
      names.flatMap((name) => places.map((place) => ({ name: name.slice(1), place }))),
    );

  test('are those of operations/, called where they say', () => {
    const defined = it.world.operations.flatMap(({ code, levels, types = ['[type]'] }) => [
      ...(levels.system ? [`${code} [base]`] : []),
      ...types.flatMap((type) => [
        ...(levels.type ? [`${code} ${type}`] : []),
        ...(levels.instance ? [`${code} ${type}/[id]`] : []),
      ]),
    ]);
    expectSame(
      listed().map(({ name, place }) => `${name} ${place}`),
      defined,
    );
  });

  test('are those of the CapabilityStatement, for the system and for every type', () => {
    const at = (wanted: (place: string) => boolean) =>
      listed().flatMap(({ name, place }) => (wanted(place) ? name : []));
    expectSame(
      codes(rest['operation'], 'name'),
      at((place) => place === '[base]'),
    );
    for (const resource of objects(rest['resource'])) {
      const type = String(resource['type']);
      expectSame(
        codes(resource['operation'], 'name'),
        at((place) => [type, '[type]'].includes(place.replace('/[id]', ''))),
      );
    }
  });
});
