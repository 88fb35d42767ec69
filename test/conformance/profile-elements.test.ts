import { describe, expect, test } from '@jest/globals';
import type { ExtraDefinitions } from '../../src/conformance/profiles-folder.ts';
import type { Json, JsonObject } from '../../src/fhir/resource.ts';
import { heartRate, validating } from './validating.ts';

const HL7 = 'http://hl7.org/fhir/StructureDefinition';
const URL = 'http://example.org/p';

/** What a profile of our own, of these elements, says of resources. */
const profiled = (type: string, elements: readonly JsonObject[], extra: ExtraDefinitions = {}, base?: string) => {
  const element = elements.map((it) => ({ path: String(it['id']).replace(/:[^.]+/g, ''), ...it }));
  const profile = {
    resourceType: 'StructureDefinition',
    url: URL,
    type,
    kind: 'resource',
    derivation: 'constraint',
    baseDefinition: base ?? `${HL7}/${type}`,
    differential: { element },
  };
  const validate = validating({ structureDefinitions: [profile], ...extra });
  return (resource: JsonObject) => validate({ resourceType: type, ...resource }, { profiles: [URL] });
};

describe('a profile limits', () => {
  test('the length of a text, in characters', () => {
    const check = profiled('Patient', [{ id: 'Patient.name.family', maxLength: 3 }]);
    expect(check({ name: [{ family: 'Li😀' }] })).toEqual([]);
    expect(check({ name: [{ family: 'Lima' }] })).toEqual([
      'error Patient.name[0].family: the profile allows 3 characters here, found 4',
    ]);
  });

  test('numbers, dates and quantities from below and above', () => {
    const birth = profiled('Patient', [{ id: 'Patient.birthDate', minValueDate: '1900-01-01' }]);
    expect(birth({ birthDate: '1900' })).toEqual([]);
    expect(birth({ birthDate: '1899' })).toEqual([
      'error Patient.birthDate: the profile says this must be at least "1900-01-01"',
    ]);
    const score = profiled('Observation', [
      { id: 'Observation.value[x]', type: [{ code: 'integer' }, { code: 'Quantity' }], maxValueInteger: 3 },
    ]);
    expect(score({ ...heartRate({ valueQuantity: undefined }), valueInteger: 3 })).toEqual([]);
    expect(score({ ...heartRate({ valueQuantity: undefined }), valueInteger: 4 })).toEqual([
      'error Observation.valueInteger: the profile says this must be at most 3',
    ]);
    expect(score(heartRate())).toEqual([]);
    const kilogram = { value: 5, system: 'http://unitsofmeasure.org', code: 'kg' };
    const weight = profiled('Observation', [{ id: 'Observation.value[x]', minValueQuantity: kilogram }]);
    expect(weight(heartRate({ valueQuantity: { ...kilogram, value: 6000, code: 'g' } }))).toEqual([]);
    expect(weight(heartRate({ valueQuantity: { ...kilogram, value: 400, code: 'g' } }))).toEqual([
      expect.stringMatching(/^error Observation\.valueQuantity: the profile says this must be at least/),
    ]);
  });
});

describe('a profile of resources within resources', () => {
  const bundle = (...resources: readonly Json[]) => ({
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  });
  const ada = { resourceType: 'Patient', name: [{ text: 'Ada' }] };
  const basic = { resourceType: 'Basic', code: { text: 'x' } };

  test('names their types', () => {
    const entries = profiled('Bundle', [
      { id: 'Bundle.entry.resource', type: [{ code: 'Patient' }, { code: 'Observation' }] },
    ]);
    expect(entries(bundle(ada, heartRate()))).toEqual([]);
    expect(entries(bundle(ada, basic))).toEqual([
      'error Bundle.entry[1].resource: the profile allows resource as Patient or Observation, not as Basic',
    ]);
    const contained = profiled('Patient', [{ id: 'Patient.contained', type: [{ code: 'Organization' }] }]);
    const of = (resource: JsonObject) => ({ contained: [resource], managingOrganization: { reference: '#o' } });
    expect(contained(of({ resourceType: 'Organization', id: 'o', name: 'x' }))).toEqual([]);
    const library = { resourceType: 'Library', id: 'o', status: 'draft', type: { text: 'x' } };
    expect(contained({ contained: [library], extension: [{ url: 'urn:x', valueCanonical: '#o' }] })).toEqual([
      'error Patient.contained[0]: the profile allows contained as Organization, not as Library',
    ]);
  });

  test('says what is in them, and their invariants see them as %resource', () => {
    const check = profiled('Bundle', [
      { id: 'Bundle.entry', slicing: { discriminator: [{ type: 'type', path: 'resource' }], rules: 'closed' } },
      { id: 'Bundle.entry:patient', sliceName: 'patient', min: 1, max: '1' },
      {
        id: 'Bundle.entry:patient.resource',
        min: 1,
        type: [{ code: 'Patient' }],
        constraint: [{ key: 'p-1', severity: 'error', human: 'P', expression: '%resource is Patient' }],
      },
      { id: 'Bundle.entry:patient.resource.name', min: 1 },
    ]);
    expect(check(bundle(ada))).toEqual([]);
    expect(check(bundle({ resourceType: 'Patient', active: true }))).toEqual([
      'error Bundle.entry[0].resource.name: the profile requires name',
    ]);
    expect(check(bundle(ada, basic))).toEqual([
      'error Bundle.entry[1]: fits no slice of entry, and the profile allows no others',
    ]);
  });
});

describe('a profile of the extensions of a primitive', () => {
  const url = `${HL7}/patient-birthTime`;
  const birthTime = { extension: [{ url, valueDateTime: '2020-01-01T10:00:00Z' }] };

  test('asks for one, with or without a value', () => {
    const check = profiled('Patient', [
      {
        id: 'Patient.birthDate.extension:time',
        sliceName: 'time',
        min: 1,
        type: [{ code: 'Extension', profile: [url] }],
      },
    ]);
    expect(check({ birthDate: '2020-01-01', _birthDate: birthTime })).toEqual([]);
    expect(check({ _birthDate: birthTime })).toEqual([]);
    expect(check({ active: true })).toEqual([]);
    expect(check({ birthDate: '2020-01-01' })).toEqual([
      'error Patient.birthDate.extension: the profile wants 1..* of slice time, found 0',
    ]);
  });

  test('allows none', () => {
    const check = profiled('Patient', [{ id: 'Patient.name.given.extension', max: '0' }]);
    expect(check({ name: [{ given: ['Ada'] }] })).toEqual([]);
    const given = { given: ['Ada', 'B'], _given: [null, { extension: [{ url: 'urn:x', valueString: 'x' }] }] };
    expect(check({ name: [given] })).toEqual([
      'error Patient.name[0].given[1].extension: the profile wants 0..0 of extension, found 1',
    ]);
  });
});

test('a slice is sliced again', () => {
  const slicing = (path: string) => ({ discriminator: [{ type: 'value', path }], rules: 'open' });
  const check = profiled('Patient', [
    { id: 'Patient.identifier', slicing: slicing('system') },
    { id: 'Patient.identifier:a', sliceName: 'a', min: 1, slicing: slicing('use') },
    { id: 'Patient.identifier:a.system', fixedUri: 'urn:a' },
    { id: 'Patient.identifier:a/main', sliceName: 'a/main', min: 1, max: '1' },
    { id: 'Patient.identifier:a/main.use', fixedCode: 'official' },
    { id: 'Patient.identifier:a/main.value', min: 1 },
  ]);
  const main = { system: 'urn:a', use: 'official', value: '1' };
  expect(check({ identifier: [main, { system: 'urn:a', use: 'old' }, { system: 'urn:b', use: 'official' }] })).toEqual(
    [],
  );
  expect(
    check({
      identifier: [
        { system: 'urn:a', use: 'old' },
        { system: 'urn:b', use: 'official' },
      ],
    }),
  ).toEqual(['error Patient.identifier: the profile wants 1..1 of slice a/main, found 0']);
  expect(check({ identifier: [main, main] })).toEqual([
    'error Patient.identifier: the profile wants 1..1 of slice a/main, found 2',
  ]);
  expect(check({ identifier: [{ ...main, value: 'x' }, { system: 'urn:a' }] })).toEqual([]);
  expect(check({ identifier: [{ system: 'urn:a', use: 'official', assigner: { display: 'x' } }] })).toEqual([
    'error Patient.identifier[0].value: the profile requires value',
  ]);
});

test('a profile whose base is not known says that it is checked in part', () => {
  const check = profiled('Patient', [{ id: 'Patient.name', min: 1 }], {}, 'http://example.org/unknown');
  const doubt = `warning Patient: ${URL} derives from http://example.org/unknown, which is not known here and not checked`;
  expect(check({ name: [{ text: 'x' }] })).toEqual([doubt]);
  expect(check({ active: true })).toEqual([doubt, 'error Patient.name: the profile requires name']);
});

describe('a profile that binds to a value set of our own', () => {
  const VALUE_SET = 'http://example.org/vs';
  const bound = (compose: JsonObject, content = 'complete') => {
    const check = profiled(
      'Patient',
      [{ id: 'Patient.maritalStatus', binding: { strength: 'required', valueSet: VALUE_SET } }],
      {
        codeSystems: [
          { resourceType: 'CodeSystem', url: 'urn:s', content, concept: [{ code: 'a' }, { code: 'b' }, { code: 'c' }] },
        ],
        valueSets: [
          { resourceType: 'ValueSet', url: VALUE_SET, compose },
          {
            resourceType: 'ValueSet',
            url: 'http://example.org/ab',
            compose: { include: [{ system: 'urn:s', concept: [{ code: 'a' }, { code: 'b' }] }] },
          },
        ],
      },
    );
    return ['a', 'b', 'c', 'z'].filter(
      (code) => check({ maritalStatus: { coding: [{ system: 'urn:s', code }] } }).length === 0,
    );
  };

  test('takes what is in the system and in the sets named together', () => {
    expect(bound({ include: [{ system: 'urn:s', valueSet: ['http://example.org/ab'] }] })).toEqual(['a', 'b']);
    expect(
      bound({ include: [{ system: 'urn:s', concept: [{ code: 'c' }] }, { valueSet: ['http://example.org/ab'] }] }),
    ).toEqual(['a', 'b', 'c']);
  });

  test('leaves out what is excluded', () => {
    expect(bound({ include: [{ system: 'urn:s' }], exclude: [{ system: 'urn:s', concept: [{ code: 'b' }] }] })).toEqual(
      ['a', 'c'],
    );
  });

  test('refuses nothing where the code system states a part of its codes', () => {
    expect(bound({ include: [{ system: 'urn:s' }] }, 'fragment')).toEqual(['a', 'b', 'c', 'z']);
  });
});
