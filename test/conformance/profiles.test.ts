import { describe, expect, test } from '@jest/globals';
import type { Json, Resource } from '../../src/fhir/resource.ts';
import { heartRate, validating } from './validating.ts';

const HL7 = 'http://hl7.org/fhir/StructureDefinition';
const validate = validating();
const claimed = (change: Readonly<Record<string, Json | undefined>> = {}, profile = 'heartrate') =>
  validate(heartRate({ meta: { profile: [`${HL7}/${profile}`] }, ...change }));

describe('the vital signs profiles, when claimed', () => {
  test('pass a right heart rate', () => {
    expect(claimed()).toEqual([]);
    expect(claimed({}, 'vitalsigns')).toEqual([]);
    expect(claimed({}, 'vitalsigns|4.0.1')).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, Json | undefined>>, RegExp]>([
    [
      'another code',
      { code: { coding: [{ system: 'http://loinc.org', code: '8310-5' }] } },
      /^error Observation\.code\.coding: the profile wants 1\.\.1 of slice HeartRateCode, found 0$/,
    ],
    [
      'no category of vital signs',
      { category: [{ text: 'x' }] },
      /^error Observation\.category: the profile wants 1\.\.1 of slice VSCat, found 0$/,
    ],
    [
      'another unit',
      { valueQuantity: { value: 1, unit: 'Hz', system: 'http://unitsofmeasure.org', code: 'Hz' } },
      /^error Observation\.valueQuantity\.code: the profile says this must be "\/min"$/,
    ],
    [
      'no unit',
      { valueQuantity: { value: 1 } },
      /^error Observation\.valueQuantity\.(unit|code|system): the profile requires/,
    ],
    [
      'another type of value',
      { valueQuantity: undefined, valueString: '61' },
      /^error Observation\.valueString: the profile allows value as Quantity, not as string$/,
    ],
    ['no time', { effectiveDateTime: undefined }, /^error Observation\.effective: the profile requires effective$/],
    [
      'a time as Timing',
      { effectiveDateTime: undefined, effectiveTiming: { event: ['2020'] } },
      /^error Observation\.effectiveTiming: the profile allows effective as dateTime or Period, not as Timing$/,
    ],
    [
      'a subject that is a device',
      { subject: { reference: 'Device/1' } },
      /^error Observation\.subject\.reference: .*refers to a Device; this element may refer to Patient$/,
    ],
    ['no value and no reason', { valueQuantity: undefined }, /^error Observation: .*\(vs-2\)$/],
    [
      'a day without a time, by an invariant',
      { effectiveDateTime: '2024' },
      /^error Observation(\.effectiveDateTime)?: .*\(vs-1\)$/,
    ],
  ])('refuse %s', (_what, change, issue) => {
    expect(claimed(change)).toContainEqual(expect.stringMatching(issue));
  });

  test('of blood pressure want both components', () => {
    const component = (code: string) => ({
      code: { coding: [{ system: 'http://loinc.org', code }] },
      valueQuantity: { value: 100, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' },
    });
    const bp = (components: Json) =>
      claimed(
        {
          code: { coding: [{ system: 'http://loinc.org', code: '85354-9' }] },
          valueQuantity: undefined,
          component: components,
        },
        'bp',
      );
    expect(bp([component('8480-6'), component('8462-4')])).toEqual([]);
    expect(bp([component('8480-6')])).toEqual(
      expect.arrayContaining(['error Observation.component: the profile wants 1..1 of slice DiastolicBP, found 0']),
    );
  });

  test('are for Observations', () => {
    expect(validate({ resourceType: 'Patient', meta: { profile: [`${HL7}/heartrate`] } })).toEqual([
      `error Patient: profile ${HL7}/heartrate is for Observation, not for Patient`,
    ]);
  });
});

describe('profiles', () => {
  test('that are not known are a warning when claimed, an error when asked for', () => {
    const profile = 'http://example.org/unknown';
    expect(validate(heartRate({ meta: { profile: [profile] } }))).toEqual([
      `warning Observation.meta.profile[0]: profile ${profile} is not known here, so it was not checked`,
    ]);
    expect(validate(heartRate(), { profiles: [profile] })).toEqual([
      `error Observation: profile ${profile} is not known here`,
    ]);
    const other = `${HL7}/vitalsigns|3.0.1`;
    expect(validate(heartRate({ meta: { profile: [other] } }))).toEqual([
      `warning Observation.meta.profile[0]: profile ${other} is not known here, so it was not checked`,
    ]);
    expect(validate(heartRate({ meta: { profile: [`${HL7}/Observation`] } }))).toEqual([]);
    expect(validate(heartRate(), { profiles: [`${HL7}/Observation|4.0.1`] })).toEqual([]);
    expect(validate(heartRate(), { profiles: [`${HL7}/Observation|3.0.1`] })).toHaveLength(1);
    expect(validate(heartRate({ meta: { profile: [`${HL7}/Patient`] } }))).toEqual([
      `error Observation: profile ${HL7}/Patient is for Patient, not for Observation`,
    ]);
  });

  test('of our own work by their differential alone, on profiles of our own too', () => {
    const definition = (url: string, baseDefinition: string, element: Json): Resource => ({
      resourceType: 'StructureDefinition',
      url,
      type: 'Patient',
      kind: 'resource',
      derivation: 'constraint',
      baseDefinition,
      differential: { element },
    });
    const own = validating({
      structureDefinitions: [
        definition('http://example.org/a', `${HL7}/Patient`, [
          {
            id: 'Patient',
            path: 'Patient',
            constraint: [
              {
                key: 'a-1',
                severity: 'error',
                human: 'A name or an identifier',
                expression: 'name.exists() or identifier.exists()',
              },
            ],
          },
          {
            id: 'Patient.identifier',
            path: 'Patient.identifier',
            slicing: { discriminator: [{ type: 'value', path: 'system' }], rules: 'closed' },
          },
          { id: 'Patient.identifier:mrn', path: 'Patient.identifier', sliceName: 'mrn', min: 0, max: '1' },
          { id: 'Patient.identifier:mrn.system', path: 'Patient.identifier.system', fixedUri: 'urn:mrn' },
          { id: 'Patient.photo', path: 'Patient.photo', max: '0' },
          {
            id: 'Patient.maritalStatus',
            path: 'Patient.maritalStatus',
            patternCodeableConcept: { coding: [{ code: 'M' }] },
          },
        ]),
        definition('http://example.org/b', 'http://example.org/a', [
          { id: 'Patient.identifier:mrn', path: 'Patient.identifier', sliceName: 'mrn', min: 1 },
          { id: 'Patient.identifier:mrn.value', path: 'Patient.identifier.value', min: 1 },
        ]),
      ],
    });
    const check = (profile: string, change: Readonly<Record<string, Json>>) =>
      own({ resourceType: 'Patient', ...change }, { profiles: [profile] });
    const a = 'http://example.org/a';
    const b = 'http://example.org/b';
    const mrn = { system: 'urn:mrn', value: '1' };
    expect(check(a, { name: [{ text: 'x' }] })).toEqual([]);
    expect(check(a, { gender: 'male' })).toEqual(['error Patient: A name or an identifier (a-1)']);
    expect(check(a, { identifier: [mrn, mrn] })).toEqual([
      'error Patient.identifier: the profile wants 0..1 of slice mrn, found 2',
    ]);
    expect(check(a, { identifier: [mrn, { system: 'urn:other' }] })).toEqual([
      'error Patient.identifier[1]: fits no slice of identifier, and the profile allows no others',
    ]);
    expect(check(a, { identifier: [mrn], photo: [{ url: 'x' }] })).toEqual([
      'error Patient.photo: the profile wants 0..0 of photo, found 1',
    ]);
    expect(
      check(a, { identifier: [mrn], maritalStatus: { coding: [{ code: 'M', system: 'urn:x' }], text: 'y' } }),
    ).toEqual([]);
    expect(check(a, { identifier: [mrn], maritalStatus: { text: 'M' } })).toEqual([
      'error Patient.maritalStatus: the profile says this must contain {"coding":[{"code":"M"}]}',
    ]);
    expect(check(b, { identifier: [mrn] })).toEqual([]);
    expect(check(b, { name: [{ text: 'x' }] })).toEqual([
      'error Patient.identifier: the profile wants 1..1 of slice mrn, found 0',
    ]);
    expect(check(b, { identifier: [{ system: 'urn:mrn' }] })).toEqual([
      'error Patient.identifier[0].value: the profile requires value',
    ]);
  });
});

describe('slices', () => {
  const sliced = (slicing: Json) => {
    const own = validating({
      structureDefinitions: [
        {
          resourceType: 'StructureDefinition',
          url: 'http://example.org/sliced',
          type: 'Patient',
          kind: 'resource',
          derivation: 'constraint',
          baseDefinition: `${HL7}/Patient`,
          differential: {
            element: [
              { id: 'Patient', path: 'Patient' },
              { id: 'Patient.identifier', path: 'Patient.identifier', slicing },
              { id: 'Patient.identifier:a', path: 'Patient.identifier', sliceName: 'a' },
              { id: 'Patient.identifier:a.system', path: 'Patient.identifier.system', fixedUri: 'urn:a' },
              { id: 'Patient.identifier:b', path: 'Patient.identifier', sliceName: 'b' },
              { id: 'Patient.identifier:b.system', path: 'Patient.identifier.system', fixedUri: 'urn:b' },
            ],
          },
        },
      ],
    });
    return (...systems: readonly string[]) =>
      own(
        { resourceType: 'Patient', identifier: systems.map((system) => ({ system })) },
        { profiles: ['http://example.org/sliced'] },
      );
  };
  const discriminator = [{ type: 'value', path: 'system' }];

  test('keep their order where the profile asks for it', () => {
    const check = sliced({ discriminator, rules: 'open', ordered: true });
    expect(check('urn:x', 'urn:a', 'urn:x', 'urn:b')).toEqual([]);
    expect(check('urn:b', 'urn:a')).toEqual(['error Patient.identifier[1]: slice a comes before slice b']);
  });

  test('come before all else where they are open at the end', () => {
    const check = sliced({ discriminator, rules: 'openAtEnd' });
    expect(check('urn:b', 'urn:a', 'urn:x')).toEqual([]);
    expect(check('urn:a', 'urn:x', 'urn:b')).toEqual([
      'error Patient.identifier[2]: slice b comes before what fits no slice',
    ]);
  });
});
