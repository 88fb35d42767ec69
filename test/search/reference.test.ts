import { describe, expect, test } from '@jest/globals';
import { COMPARTMENT } from '../../src/search/index-values.ts';
import { inPatientCompartment, patientOf } from '../../src/search/compartment.ts';
import { satisfies } from '../../src/search/satisfies.ts';
import { BASE, finds, registry, valuesOf } from './matching.ts';

const observation = {
  resourceType: 'Observation',
  id: 'o',
  subject: { reference: 'Patient/23', identifier: { system: 'urn:mrn', value: '7' } },
  performer: [
    { reference: `${BASE}/Practitioner/9` },
    { reference: 'http://other.example/fhir/Practitioner/9/_history/2' },
  ],
  encounter: { reference: 'Encounter/e/_history/3' },
  focus: [{ reference: '#c' }],
  device: { identifier: { value: 'serial' } },
};

describe('canonical', () => {
  const answers = (questionnaire: string) => ({ resourceType: 'QuestionnaireResponse', questionnaire });

  test.each([
    ['http://q', 'http://q', true],
    ['http://q|1.2', 'http://q', true],
    ['http://q|1.2', 'http://q|1.2', true],
    ['http://q|1.2', 'http://q|1', true],
    ['http://q|10.2', 'http://q|1', false],
    ['http://q|1.2', 'http://q|1.3', false],
    ['http://q', 'http://q|1', false],
  ])('%s is below %s: %s', (stored, asked, found) => {
    expect(finds(answers(stored), `questionnaire:below=${asked}`)).toBe(found);
  });
});

test.each([
  ['fhir-helpers', true],
  ['Library/fhir-helpers', false],
  ['helpers', false],
])('a canonical without a scheme is found as written: %s is %s', (asked, found) => {
  const library = { resourceType: 'Library', relatedArtifact: [{ type: 'predecessor', resource: 'fhir-helpers' }] };
  expect(finds(library, `predecessor=${asked}`)).toBe(found);
});

test.each([
  ['document', 'Composition', 'composition=c', true],
  ['document', 'Composition', 'composition:missing=false', true],
  ['document', 'Composition', 'message:missing=false', false],
  ['message', 'MessageHeader', 'message=c', true],
  ['collection', 'ValueSet', 'composition:missing=false', false],
  ['collection', 'ValueSet', 'message:missing=false', false],
])('the first entry of a %s, a %s: %s is %s', (type, first, asked, found) => {
  const bundle = { resourceType: 'Bundle', type, entry: [{ resource: { resourceType: first, id: 'c' } }] };
  expect(finds(bundle, asked)).toBe(found);
});

describe('reference', () => {
  test.each([
    ['subject=Patient/23', true],
    ['subject=23', true],
    ['subject=Group/23', false],
    ['subject:Patient=23', true],
    ['subject:Group=23', false],
    ['subject=Patient/2', false],
    [`subject=${BASE}/Patient/23`, true],
    ['subject=http://other.example/fhir/Patient/23', false],
    ['patient=23', true],
    ['patient=Patient/23', true],
    ['patient=Patient/1,Patient/23', true],
    ['performer=Practitioner/9', true],
    ['performer=http://other.example/fhir/Practitioner/9', true],
    ['encounter=Encounter/e', true],
    ['encounter=Encounter/e/_history/3', true],
    ['encounter=Encounter/e/_history/4', false],
    ['subject:identifier=urn:mrn|7', true],
    ['subject:identifier=7', true],
    ['subject:identifier=|7', false],
    ['device:identifier=|serial', true],
    ['device:identifier=urn:mrn|serial', false],
    ['device:missing=false', true],
    ['specimen:missing=true', true],
  ])('Observation?%s: %s', (query, found) => {
    expect(finds(observation, query)).toBe(found);
  });

  test('a canonical is found with and without its version', () => {
    const response = { resourceType: 'QuestionnaireResponse', questionnaire: 'http://q.example/phq9|1.1' };
    expect(finds(response, 'questionnaire=http://q.example/phq9')).toBe(true);
    expect(finds(response, 'questionnaire=http://q.example/phq9|1.1')).toBe(true);
    expect(finds(response, 'questionnaire=http://q.example/phq9|1.2')).toBe(false);
  });

  test('a contained patient is a patient', () => {
    const contained = [{ resourceType: 'Patient', id: 'p' }];
    expect(
      finds({ resourceType: 'Observation', contained, subject: { reference: '#p' } }, 'patient:missing=false'),
    ).toBe(true);
  });
});

describe('Patient compartment', () => {
  const facts = { type: 'Observation', id: 'o', lastUpdated: 0, values: valuesOf(observation) };

  test('an Observation is in its subject’s', () => {
    expect(patientOf(facts.values)).toBe('23');
    expect(satisfies(facts, inPatientCompartment(registry, 'Observation', '23'))).toBe(true);
    expect(satisfies(facts, inPatientCompartment(registry, 'Observation', '24'))).toBe(false);
  });

  test('a Patient is in its own', () => {
    const values = valuesOf({ resourceType: 'Patient', id: 'me', link: [{ other: { reference: 'Patient/you' } }] });
    expect(
      values.filter((value) => value.param === COMPARTMENT).map((value) => value.kind === 'reference' && value.id),
    ).toEqual(['me', 'you']);
    expect(patientOf(values)).toBe('me');
  });

  test('types outside the definition are in nobody’s', () => {
    expect(inPatientCompartment(registry, 'Medication', '23')).toEqual({ kind: 'none' });
    expect(patientOf(valuesOf({ resourceType: 'Medication', id: 'm' }))).toBeNull();
  });
});
