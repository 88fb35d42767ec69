import { describe, expect, test } from '@jest/globals';
import { parseScope } from '../../src/access/scope.ts';

describe('SMART scopes', () => {
  test.each([
    ['patient/*.rs', 'patient', '*', 'rs'],
    ['user/Observation.read', 'user', 'Observation', 'rs'],
    ['user/Observation.write', 'user', 'Observation', 'cud'],
    ['system/*.*', 'system', '*', 'cruds'],
    ['system/*.cruds', 'system', '*', 'cruds'],
    ['system/Observation.cu', 'system', 'Observation', 'cu'],
  ])('%s is read as the specification has it', (text, level, type, actions) => {
    expect(parseScope(text)).toEqual({ level, type, actions: new Set(actions), parameters: [] });
  });

  test('the parameters of a granular scope are decoded', () => {
    const text =
      'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category%7Claboratory&status=final';
    expect(parseScope(text)?.parameters).toEqual([
      ['category', 'http://terminology.hl7.org/CodeSystem/observation-category|laboratory'],
      ['status', 'final'],
    ]);
  });

  test.each([
    'openid',
    'fhirUser',
    'launch/patient',
    'offline_access',
    'patient/*',
    'patient/*.',
    'patient/*.sr',
    'patient/*.crudsx',
    'patient/*.READ',
    'patient/observation.rs',
    'group/*.rs',
    'patient/*.rs?',
    'xpatient/*.rs',
    '',
  ])('%p grants nothing', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });
});
