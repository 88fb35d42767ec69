import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../src/fhir/resource.ts';
import { finds, parse, refusal } from './matching.ts';

const LOINC = 'http://loinc.org';
const patient: Resource = {
  resourceType: 'Patient',
  id: 'p1',
  active: true,
  gender: 'female',
  birthDate: '1980-05-17',
  name: [{ family: 'Müller', given: ['Anna', 'Marie'] }],
  identifier: [{ system: 'urn:mrn', value: '42' }],
  managingOrganization: { reference: 'Organization/o1' },
};
const observation: Resource = {
  resourceType: 'Observation',
  id: 'o1',
  status: 'final',
  code: { coding: [{ system: LOINC, code: '8867-4', display: 'Heart rate' }] },
  subject: { reference: 'Patient/p1' },
  effectivePeriod: { start: '2024-01-01T00:00:00Z', end: '2024-01-02T00:00:00Z' },
  valueQuantity: { value: 72, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
};
const holds = (resource: Resource, filter: string) => finds(resource, `_filter=${encodeURIComponent(filter)}`);

describe('_filter', () => {
  test.each([
    ['family eq "muller"', true],
    ['family eq "mull"', false],
    ['family co "ull"', true],
    ['family sw "mul"', true],
    ['family ew "ler"', true],
    ['family ew "mul"', false],
    ['family ne "smith"', true],
    ['family ne "muller"', false],
    ['gender eq female', true],
    ['gender ne male', true],
    ['gender in http://hl7.org/fhir/ValueSet/administrative-gender', true],
    ['gender ni http://hl7.org/fhir/ValueSet/administrative-gender', false],
    ['identifier eq urn:mrn|42', true],
    ['birthdate ge 1980', true],
    ['birthdate lt 1980-05-17', false],
    ['birthdate eb 1981', true],
    ['birthdate ap 1980-05', true],
    ['death-date pr false', true],
    ['birthdate pr true', true],
    ['organization re Organization/o1', true],
    ['organization eq "Organization/o2"', false],
    ['_id eq p1', true],
    ['_id ne p1', false],
    ['_lastUpdated ge 2023', true],
  ])('Patient: %s is %s', (filter, expected) => {
    expect(holds(patient, filter)).toBe(expected);
  });

  test.each([
    [`code eq ${LOINC}|8867-4`, true],
    ['value-quantity gt 70', true],
    ['value-quantity eq 72|http://unitsofmeasure.org|/min', true],
    ['value-quantity le 71', false],
    ['date po 2024-01-02', true],
    ['date po 2024-01-03', false],
    ['date sa 2023', true],
  ])('Observation: %s is %s', (filter, expected) => {
    expect(holds(observation, filter)).toBe(expected);
  });

  test('and, or and not go from left to right; parentheses group', () => {
    expect(holds(patient, 'gender eq male and family eq "x" or active eq true')).toBe(true);
    expect(holds(patient, 'active eq true or gender eq male and family eq "x"')).toBe(false);
    expect(holds(patient, 'active eq true or (gender eq male and family eq "x")')).toBe(true);
    expect(holds(patient, 'not (gender eq male) and not(active eq false)')).toBe(true);
  });

  test('paths follow references; a filter in brackets holds of the same resource as the rest', () => {
    const where = (filter: string) => parse('Observation', `_filter=${encodeURIComponent(filter)}`).query.where;
    expect(where('subject:Patient.birthdate ge 2000')).toMatchObject({
      kind: 'chain',
      param: 'subject',
      type: 'Patient',
    });
    expect(where('subject:Patient[gender eq female].birthdate ge 2000')).toMatchObject({
      kind: 'chain',
      where: { kind: 'and', of: [{ kind: 'token' }, { kind: 'date' }, { kind: 'or' }] },
    });
    expect(where('patient.organization.name co "clinic"')).toMatchObject({
      kind: 'chain',
      where: { kind: 'chain', param: 'organization', where: { kind: 'string', match: 'contains' } },
    });
  });

  test('a quoted value may hold anything, escapes included', () => {
    expect(holds(patient, String.raw`family eq "\u006duller"`)).toBe(true);
    expect(holds({ ...patient, identifier: [{ value: 'a,b$c\\d' }] }, String.raw`identifier eq "a,b$c\\d"`)).toBe(true);
  });

  test.each([
    ['famly eq "x"', 'family'],
    ['family zz "x"', 'zz'],
    ['family eq', 'value'],
    ['family gt "x"', 'operator gt'],
    ['gender co "x"', 'operator co'],
    ['(family eq "x"', "')'"],
    ['family eq "x" family eq "y"', 'position 15'],
    ['family eq "x', 'value'],
    ['birthdate ge yesterday', 'yesterday'],
    ['birthdate pr maybe', 'maybe'],
    [`${'('.repeat(40)}family eq x`, 'deeply'],
  ])('%s is refused by name', (filter, named) => {
    const problem = refusal('Patient', `_filter=${encodeURIComponent(filter)}`);
    expect(problem.status).toBeLessThan(500);
    expect(problem.issues[0]?.diagnostics).toContain(named);
    expect(problem.issues[0]?.expression).toEqual(['_filter']);
  });
});
