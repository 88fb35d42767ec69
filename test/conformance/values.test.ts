import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../../src/fhir/json.ts';
import type { Json, Resource } from '../../src/fhir/resource.ts';
import { PRIMITIVES } from '../../src/conformance/validation/primitive-format.ts';
import { heartRate, validating } from './validating.ts';

const validate = validating();

const RIGHT: Readonly<Record<string, readonly Json[]>> = {
  date: ['2024', '2024-02', '2024-02-29', '2000-02-29'],
  dateTime: [
    '2024',
    '2024-02-29T00:00:00Z',
    '2015-02-07T13:28:17.239+02:00',
    '2016-12-31T23:59:60Z',
    '2024-01-01T00:00:00-14:00',
  ],
  instant: ['2015-02-07T13:28:17.239+02:00', '2015-02-07T13:28:17Z'],
  time: ['00:00:00', '23:59:59.123'],
  id: ['a', 'A-b.9', 'x'.repeat(64)],
  code: ['a', 'a b', '<='],
  uri: ['urn:x', 'Patient/1', '#a'],
  oid: ['urn:oid:1.2.3'],
  uuid: ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520'],
  base64Binary: ['AAAA', 'AA==', 'AA AA\nAA=='],
  integer: [0, -1, 2_147_483_647],
  positiveInt: [1],
  unsignedInt: [0],
  decimal: [0, 1.5, -1e30],
  boolean: [true, false],
  string: [' ', 'a\nb'],
};

const WRONG: Readonly<Record<string, readonly Json[]>> = {
  date: [
    '2024-02-30',
    '2023-02-29',
    '1900-02-29',
    '2024-13',
    '2024-00',
    '0000',
    '24',
    '2024-1-1',
    '2024-01-01T00:00:00Z',
    2024,
  ],
  dateTime: [
    '2024-01-01T00:00',
    '2024-01-01T00:00:00',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:60:00Z',
    '2024-01-01 00:00:00Z',
    '2024-01-01T00:00:00+14:30',
    '2024-01-01T00:00:00.Z',
  ],
  instant: ['2024', '2024-01-01', '2024-01-01T00:00:00'],
  time: ['24:00:00', '10:00', '10:00:00Z'],
  id: ['', 'a_b', 'x'.repeat(65), 'ä'],
  code: [' a', 'a ', 'a  b', ''],
  uri: ['a b', ''],
  oid: ['1.2.3', 'urn:oid:3.1'],
  uuid: ['urn:uuid:C757873D-EC9A-4326-A141-556F43239520', 'c757873d-ec9a-4326-a141-556f43239520'],
  base64Binary: ['AAA', 'A===', '=AAA', 'AA-_'],
  integer: [1.5, 2_147_483_648, '1'],
  positiveInt: [0, -1],
  unsignedInt: [-1],
  decimal: ['1.5', null],
  boolean: ['true', 0],
  string: ['', 1, ['a']],
};

describe('primitive values', () => {
  test.each(Object.entries(RIGHT))('%s accepts what R4 allows', (type, values) => {
    for (const value of values) expect([value, PRIMITIVES[type]?.(value)]).toEqual([value, undefined]);
  });
  test.each(Object.entries(WRONG))('%s refuses what R4 forbids', (type, values) => {
    for (const value of values) expect([value, PRIMITIVES[type]?.(value)]).toEqual([value, expect.any(String)]);
  });
});

test('an integer is written as one, so that it is one in XML too', () => {
  const steps = (text: string) =>
    validate(
      parseJson(
        `{"resourceType":"Observation","status":"final","code":{"text":"steps"},"valueInteger":${text}}`,
      ) as Resource,
    );
  expect(steps('-7')).toEqual([]);
  for (const text of ['1.0', '1e2'])
    expect(steps(text)).toEqual([
      `error Observation.valueInteger: ${text} is not an integer: write it without a point or an exponent`,
    ]);
});

describe('coded values', () => {
  test('outside of a required value set are refused with what is allowed', () => {
    expect(validate({ resourceType: 'Patient', gender: 'femal' })).toEqual([
      'error Patient.gender: femal is not allowed here: use one of male, female, other, unknown',
    ]);
  });

  test('that a concept must have cannot be replaced by text', () => {
    const condition = (clinicalStatus: Json) =>
      validate({ resourceType: 'Condition', subject: { reference: 'Patient/1' }, clinicalStatus });
    const system = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
    expect(condition({ coding: [{ system, code: 'active' }] })).toEqual([]);
    expect(
      condition({
        coding: [
          { system: 'urn:other', code: 'x' },
          { system, code: 'active' },
        ],
      }),
    ).toEqual([]);
    expect(condition({ text: 'active' })[0]).toMatch(
      /^error Condition.clinicalStatus: found no coding, but this concept needs one of active, /,
    );
    expect(condition({ coding: [{ code: 'active' }] })[0]).toMatch(/found \|active, but/);
  });

  test('of sets that nobody lists have their form', () => {
    const photo = (contentType: string) =>
      validate({ resourceType: 'Patient', photo: [{ contentType, url: 'http://example.org/a' }] });
    expect(photo('image/png')).toEqual([]);
    expect(photo('text/plain; charset=utf-8')).toEqual([]);
    expect(photo('picture')).toEqual([
      'error Patient.photo[0].contentType: picture is not allowed here: use a mime type, such as text/plain',
    ]);
    const net = (currency: string) =>
      validate({ resourceType: 'Invoice', status: 'issued', totalNet: { value: 1, currency } });
    expect(net('CHF')).toEqual([]);
    expect(net('Franken')).toEqual([expect.stringMatching(/^error Invoice\.totalNet\.currency: .* ISO 4217/)]);
  });

  test('of an extensible set are doubted only where their own system does not have them', () => {
    const system = 'http://terminology.hl7.org/CodeSystem/adverse-event-category';
    const withCategory = (coding: Json) =>
      validate({
        resourceType: 'AdverseEvent',
        actuality: 'actual',
        subject: { reference: 'Patient/1' },
        category: [{ coding: [coding] }],
      });
    expect(withCategory({ system: 'urn:local', code: 'x' })).toEqual([]);
    expect(withCategory({ system, code: 'product-problem' })).toEqual([]);
    expect(withCategory({ system, code: 'x' })).toEqual([`warning AdverseEvent.category[0]: ${system} has no code x`]);
  });
});

describe('references', () => {
  const subject = (reference: Json) => validate(heartRate({ subject: reference }));
  test.each<[Json]>([
    [{ reference: 'Patient/1' }],
    [{ reference: 'Patient/1/_history/2' }],
    [{ reference: 'https://other.example/fhir/Patient/1' }],
    [{ reference: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520' }],
    [{ type: 'Patient', identifier: { system: 'urn:x', value: '1' } }],
    [{ display: 'someone' }],
  ])('accept %j', (reference) => {
    expect(subject(reference)).toEqual([]);
  });
  test.each<[Json, RegExp]>([
    [
      { reference: 'Medication/1' },
      /^error Observation\.subject\.reference: Medication\/1 refers to a Medication; this element may refer to Patient or Group or Device or Location$/,
    ],
    [{ reference: 'https://other.example/fhir/Medication/1' }, /^error Observation\.subject\.reference: /],
    [
      { reference: 'Nothing/1' },
      /^error Observation\.subject\.reference: Nothing\/1 is no reference: Nothing is not a resource type$/,
    ],
    ...[
      'Patient',
      'Patient/',
      'Patient/a b',
      'Patient/a_b',
      '/Patient/1',
      'Patient//1',
      'Patient/1/2',
      '../Patient/1',
    ].map((reference): [Json, RegExp] => [
      { reference },
      /^error Observation\.subject\.reference: .* is no reference: a relative/,
    ]),
    [{ reference: 'Patient/1/_history' }, /is no reference: a relative one is \[type\]\/\[id\]/],
    [
      { reference: 'Patient?identifier=urn:x|1' },
      /^error Observation\.subject\.reference: .* is a search: that is a reference in the Bundle of a transaction alone$/,
    ],
    [
      { type: 'Medication', identifier: { value: '1' } },
      /^error Observation\.subject\.type: this element may refer to Patient/,
    ],
    [
      { type: 'Device', reference: 'Patient/1' },
      /^error Observation\.subject\.type: type is Device but the reference is to a Patient$/,
    ],
  ])('refuse %j', (reference, issue) => {
    expect(subject(reference)).toEqual([expect.stringMatching(issue)]);
  });
  test('in a transaction may be searches, of the types that the element permits', () => {
    const inBundle = (reference: string) =>
      validate({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ resource: heartRate({ subject: { reference } }), request: { method: 'POST', url: 'Observation' } }],
      });
    expect(inBundle('Patient?identifier=urn:x|1')).toEqual([]);
    expect(inBundle('Medication?code=1')).toEqual([expect.stringMatching(/refers to a Medication/)]);
  });
});

describe('invariants', () => {
  test.each<[string, Readonly<Record<string, Json | undefined>>, string]>([
    ['obs-6', { dataAbsentReason: { text: 'x' } }, 'Observation'],
    ['obs-7', { component: [{ code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] } }] }, 'Observation'],
    ['obs-3', { referenceRange: [{ age: { low: { value: 1 } } }] }, 'Observation.referenceRange[0]'],
    ['qty-3', { valueQuantity: { value: 1, code: '/min' } }, 'Observation.valueQuantity'],
    [
      'per-1',
      { effectiveDateTime: undefined, effectivePeriod: { start: '2024-02-02', end: '2024-02-01' } },
      'Observation.effectivePeriod',
    ],
    ['ext-1', { extension: [{ url: 'urn:x' }] }, 'Observation.extension[0]'],
  ])('%s is enforced and its place named', (key, change, place) => {
    expect(validate(heartRate(change))).toEqual([
      expect.stringMatching(new RegExp(`^error ${place.replace(/[[\]]/g, '\\$&')}: .*\\(${key}\\)`)),
    ]);
  });

  test('ras-2 holds without a probability and at 100, and fails above', () => {
    const risk = (prediction: Json) =>
      validate({
        resourceType: 'RiskAssessment',
        status: 'final',
        subject: { reference: 'Patient/1' },
        prediction: [prediction],
      });
    expect(risk({ qualitativeRisk: { text: 'high' } })).toEqual([]);
    expect(risk({ probabilityDecimal: 100 })).toEqual([]);
    const percent = (value: number) => ({ value, system: 'http://unitsofmeasure.org', code: '%' });
    expect(risk({ probabilityRange: { low: percent(10), high: percent(20) } })).toEqual([]);
    expect(risk({ probabilityRange: { low: { value: 10 } } })).toEqual([
      'error RiskAssessment.prediction[0].probabilityRange: low and high must be percentages, if present (ras-1)',
    ]);
    expect(risk({ probabilityDecimal: 100.5 })).toEqual(['error RiskAssessment.prediction[0]: Must be <= 100 (ras-2)']);
  });
});
