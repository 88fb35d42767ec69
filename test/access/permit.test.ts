import { describe, expect, test } from '@jest/globals';
import type { Action } from '../../src/access/permit.ts';
import { ANONYMOUS, permitFor } from '../../src/access/permit-for.ts';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { inPatientCompartment } from '../../src/search/compartment.ts';

const registry = loadRegistry();
const permit = (scope: string, patient?: string) =>
  permitFor({ client_id: 'c', scope, exp: 0, ...(patient !== undefined && { patient }) }, registry);
const allowed = (scope: string, action: Action, type: string, patient?: string) =>
  permit(scope, patient).decide(action, type).allowed;
const where = (scope: string, action: Action, type: string, patient?: string) => {
  const decision = permit(scope, patient).decide(action, type);
  return decision.allowed ? decision.where : undefined;
};

describe('permits', () => {
  test.each([
    ['', 'r', 'Patient'],
    ['openid fhirUser launch', 'r', 'Patient'],
    ['system/Observation.rs', 'r', 'Patient'],
    ['system/Observation.rs', 'c', 'Observation'],
    ['system/Observation.cu', 'd', 'Observation'],
    ['system/Observation.cu', 's', 'Observation'],
    ['system/*.rs', 'c', 'Observation'],
    ['user/*.read', 'u', 'Patient'],
    ['system/*.CRUDS', 'r', 'Patient'],
  ] as const)('%p does not allow %s on %s', (scope, action, type) => {
    expect(allowed(scope, action, type)).toBe(false);
  });

  test.each([
    ['system/*.cruds', 'd', 'Patient'],
    ['system/Observation.cu', 'c', 'Observation'],
    ['user/Observation.read', 's', 'Observation'],
    ['user/*.write', 'd', 'Observation'],
    ['openid system/*.rs', 'r', 'Questionnaire'],
  ] as const)('%p allows %s on all of %s', (scope, action, type) => {
    expect(where(scope, action, type)).toEqual({ kind: 'all' });
  });

  test('a patient scope reaches the compartment of the patient in context only', () => {
    expect(where('patient/*.rs', 's', 'Observation', 'p1')).toEqual(
      inPatientCompartment(registry, 'Observation', 'p1'),
    );
    expect(where('patient/*.rs', 'r', 'Patient', 'p1')).toEqual(inPatientCompartment(registry, 'Patient', 'p1'));
  });

  test('a patient scope without a patient, or with one that is no id, grants nothing', () => {
    expect(allowed('patient/*.rs', 'r', 'Patient')).toBe(false);
    expect(allowed('patient/*.rs', 'r', 'Patient', 'a/b')).toBe(false);
  });

  test.each(['Practitioner', 'Organization', 'Medication', 'Questionnaire', 'Subscription', 'StructureDefinition'])(
    'a patient scope does not reach %s, which no patient compartment holds',
    (type) => {
      expect(allowed('patient/*.cruds', 'r', type, 'p1')).toBe(false);
    },
  );

  test('a granular scope narrows to what its parameters match', () => {
    expect(where('system/Observation.rs?category=laboratory', 's', 'Observation')).toMatchObject({
      kind: 'token',
      param: 'category',
    });
  });

  test.each([
    'system/Observation.rs?nonsense=1',
    'system/Observation.rs?_count=1',
    'system/Observation.rs?_has:Patient:x:y=1',
    'system/Observation.rs?category:nonsense=1',
    'system/Observation.rs?date=yesterday',
    'system/*.rs?category=laboratory&nonsense=1',
  ])('%s cannot be evaluated and grants nothing', (scope) => {
    expect(allowed(scope, 's', 'Observation')).toBe(false);
  });

  test('scopes add up', () => {
    const both = where('patient/Observation.rs system/Observation.s?category=survey', 's', 'Observation', 'p1');
    expect(both).toMatchObject({ kind: 'or', of: [expect.anything(), expect.objectContaining({ param: 'category' })] });
    expect(where('patient/*.rs system/Observation.rs', 's', 'Observation', 'p1')).toEqual({ kind: 'all' });
  });

  test('an unknown type is decided by the scopes alone and costs no memory', () => {
    expect(allowed('patient/*.rs', 'r', 'Nonsense', 'p1')).toBe(false);
  });

  test('the agent is what the token says', () => {
    const claims = { client_id: 'hub', scope: 'a b', exp: 0, patient: 'p1', fhirUser: 'Practitioner/1', jti: 't' };
    expect(permitFor(claims, registry).agent).toEqual({
      client: 'hub',
      user: 'Practitioner/1',
      patient: 'p1',
      scopes: ['a', 'b'],
      tokenId: 't',
    });
  });

  test('without a token nothing is allowed', () => {
    for (const action of ['c', 'r', 'u', 'd', 's'] as const)
      expect(ANONYMOUS.decide(action, 'Patient').allowed).toBe(false);
  });
});
