import { describe, expect, test } from '@jest/globals';
import { finds } from './matching.ts';

const LOINC = 'http://loinc.org';
const observation = {
  resourceType: 'Observation',
  status: 'final',
  code: {
    coding: [{ system: LOINC, code: '8867-4', display: 'Heart rate' }, { code: 'hr' }],
    text: 'Puls (Herzfrequenz)',
  },
  meta: {
    tag: [{ system: 'http://t', code: 'x' }],
    profile: ['http://p/1'],
    security: [{ system: 'http://s', code: 'R' }],
    source: 'urn:hub:7',
  },
};
const patient = {
  resourceType: 'Patient',
  active: true,
  gender: 'male',
  identifier: [
    {
      system: 'urn:mrn',
      value: '446053',
      type: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }],
        text: 'Hospital number',
      },
    },
    { value: 'bare' },
  ],
  telecom: [
    { system: 'phone', value: '555-1' },
    { system: 'email', value: 'a@b.example' },
  ],
};

describe('token', () => {
  test.each([
    ['code=8867-4', true],
    [`code=${LOINC}|8867-4`, true],
    ['code=http://snomed.info/sct|8867-4', false],
    ['code=|8867-4', false],
    ['code=|hr', true],
    [`code=${LOINC}|`, true],
    ['code=http://snomed.info/sct|', false],
    ['code=8867', false],
    ['code=HR', false],
    [`code=x,${LOINC}|8867-4`, true],
    ['code=8867-4&code=hr', true],
    ['code:not=8867-4', false],
    ['code:not=9999-9', true],
    ['code:not=9999-9,8867-4', false],
    ['code:text=heart', true],
    ['code:text=PULS', true],
    ['code:text=liver', false],
    ['method:not=x', true],
    ['method=x', false],
    ['method:missing=true', true],
    ['status=final', true],
    ['status=http://hl7.org/fhir/observation-status|final', true],
    ['status=http://elsewhere|final', false],
    ['status=|final', true],
    ['status:not=final', false],
    ['status:in=http://hl7.org/fhir/ValueSet/observation-status', true],
    ['status:not-in=http://hl7.org/fhir/ValueSet/observation-status', false],
    ['_tag=http://t|x', true],
    ['_tag=y', false],
    ['_security=R', true],
    ['_profile=http://p/1', true],
    ['_source=urn:hub:7', true],
    ['_id=x', true],
    ['_id=y,x', true],
    ['_id:not=x', false],
  ])('Observation?%s: %s', (query, found) => {
    expect(finds(observation, query)).toBe(found);
  });

  test.each([
    ['active=true', true],
    ['active=false', false],
    ['active=http://hl7.org/fhir/special-values|true', true],
    ['gender=male', true],
    ['gender:not=male', false],
    ['gender:not=female,other', true],
    ['identifier=446053', true],
    ['identifier=urn:mrn|446053', true],
    ['identifier=|446053', false],
    ['identifier=|bare', true],
    ['identifier=urn:mrn|', true],
    ['identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|446053', true],
    ['identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|446054', false],
    ['identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|SS|446053', false],
    ['identifier:text=hospital', true],
    ['phone=555-1', true],
    ['phone=a@b.example', false],
    ['email=a@b.example', true],
    ['telecom=a@b.example', true],
    ['deceased=false', true],
    ['deceased=true', false],
  ])('Patient?%s: %s', (query, found) => {
    expect(finds(patient, query)).toBe(found);
  });

  test('somebody who died on a date is deceased', () => {
    expect(finds({ ...patient, deceasedDateTime: '2020' }, 'deceased=true')).toBe(true);
    expect(finds({ ...patient, deceasedBoolean: false }, 'deceased=true')).toBe(false);
  });
});
