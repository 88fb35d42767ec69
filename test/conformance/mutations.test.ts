import { describe, expect, test } from '@jest/globals';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { validator } from '../../src/conformance/validation/validator.ts';
import { KNOWN_INVALID } from './known-invalid-examples.ts';
import { mutations } from './mutation.ts';
import { officialExamples } from './official-examples.ts';

const TYPES = [
  'Appointment', 'AuditEvent', 'CarePlan', 'Claim', 'Communication', 'Condition', 'Consent', 'Device', 'DocumentReference',
  'Encounter', 'Goal', 'MedicationRequest', 'Observation', 'Patient', 'PlanDefinition', 'Practitioner', 'Procedure',
  'Questionnaire', 'QuestionnaireResponse', 'RiskAssessment', 'ServiceRequest', 'Subscription', 'Task',
]; // biome-ignore format: a list of names

describe('an example spoilt in one place', () => {
  test('is refused, and the place is named', () => {
    const registry = loadRegistry();
    const validate = validator(registry);
    const unnoticed: string[] = [];
    const counts = new Map<string, number>();
    for (const { file, resource } of officialExamples(TYPES)) {
      if (file in KNOWN_INVALID || JSON.stringify(resource).length > 20_000) continue;
      for (const { kind, expression, resource: spoilt } of mutations(registry, resource)) {
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        const places = validate(spoilt)
          .filter(({ severity }) => severity === 'error')
          .flatMap((issue) => issue.expression ?? []);
        const named = places.some((place) =>
          kind === 'second-choice' ? place.startsWith(expression) : place === expression,
        );
        if (!named) unnoticed.push(`${file}: ${kind} at ${expression}: ${places.join(', ') || 'no error'}`);
      }
    }
    expect(unnoticed.slice(0, 20)).toEqual([]);
    for (const kind of ['missing', 'wrong-json-type', 'bad-code', 'unknown', 'second-choice', 'empty']) {
      expect(counts.get(kind)).toBeGreaterThan(100);
    }
  });
});
