import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/fhir/resource.ts';
import { heartRate, validating } from './validating.ts';

const HL7 = 'http://hl7.org/fhir/StructureDefinition';
const validate = validating();

describe('extensions', () => {
  const patient = (change: Readonly<Record<string, Json>>) => validate({ resourceType: 'Patient', ...change });
  const HELD = 'http://example.org/a';

  test('are named by an absolute url, unless they are within another', () => {
    expect(patient({ extension: [{ url: HELD, extension: [{ url: 'part', valueString: 'x' }] }] })).toEqual([]);
    expect(patient({ extension: [{ url: 'part', valueString: 'x' }] })).toEqual([
      'error Patient.extension[0].url: part is not absolute, and only an extension within another may be named so',
    ]);
    expect(patient({ extension: [{ url: HELD, _url: { id: 'x' }, valueString: 'x' }] })).toEqual([
      expect.stringMatching(/^error Patient\.extension\[0\]\._url: Extension has no element _url/),
    ]);
  });

  test('that change the meaning are modifiers, and no others are', () => {
    const place = { url: `${HL7}/patient-birthPlace`, valueAddress: { city: 'Bern' } };
    expect(patient({ modifierExtension: [place] })).toEqual([
      `error Patient.modifierExtension[0]: extension ${place.url} is for extension, not for modifierExtension`,
    ]);
    const notToDo = { url: `${HL7}/request-doNotPerform`, valueBoolean: true };
    const order = {
      resourceType: 'NutritionOrder',
      status: 'active',
      intent: 'order',
      patient: { reference: 'Patient/1' },
      dateTime: '2026-01-01',
      oralDiet: { instruction: 'none' },
    };
    expect(validate({ ...order, modifierExtension: [notToDo] })).toEqual([]);
    expect(validate({ ...order, extension: [notToDo] })).toEqual([
      `error NutritionOrder.extension[0]: extension ${notToDo.url} is for modifierExtension, not for extension`,
    ]);
  });
});

describe('extensions that are known', () => {
  const patient = (extension: Json) => validate({ resourceType: 'Patient', extension: [extension] });

  test('must have the type of value that they define', () => {
    const url = `${HL7}/patient-birthPlace`;
    expect(patient({ url, valueAddress: { city: 'Bern' } })).toEqual([]);
    expect(patient({ url, valueString: 'Bern' })).toEqual([
      'error Patient.extension[0].valueString: the profile allows value as Address, not as string',
    ]);
  });

  test('must have the parts that they define', () => {
    const url = `${HL7}/patient-nationality`;
    expect(patient({ url, extension: [{ url: 'code', valueCodeableConcept: { text: 'CH' } }] })).toEqual([]);
    expect(patient({ url, extension: [{ url: 'code', valueString: 'CH' }] })).toEqual([
      'error Patient.extension[0].extension[0].valueString: the profile allows value as CodeableConcept, not as string',
    ]);
  });

  test('are refused where they do not belong', () => {
    const extension = [{ url: `${HL7}/patient-birthPlace`, valueAddress: { city: 'Bern' } }];
    expect(validate(heartRate({ extension }))).toEqual([
      `error Observation.extension[0]: extension ${HL7}/patient-birthPlace belongs on Patient`,
    ]);
    const birthTime = { extension: [{ url: `${HL7}/patient-birthTime`, valueDateTime: '1990-01-01T10:00:00Z' }] };
    expect(validate({ resourceType: 'Patient', birthDate: '1990-01-01', _birthDate: birthTime })).toEqual([]);
  });
});
