import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { generateDefinitions, generateTerminology } from '../../scripts/generate-definitions.ts';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';

const registry = loadRegistry();

describe('the generated definitions', () => {
  test('are what the published ones give', () => {
    for (const [name, text] of generateDefinitions()) {
      expect(
        readFileSync(`src/conformance/generated/${name}.json`, 'utf8') === text
          ? name
          : `${name} differs: npm run generate`,
      ).toBe(name);
    }
  });

  test('hold the terminology that the published definitions give', () => {
    const stored = readFileSync('src/conformance/generated/terminology.json.gz');
    expect(stored.length).toBeLessThan(1_000_000);
    expect(gunzipSync(stored).toString() === generateTerminology() ? 'same' : 'differs: npm run generate').toBe('same');
  });

  test('stay small enough to read at start', () => {
    const sizes = ['types', 'search-parameters', 'compartments', 'value-sets', 'profiles'].map(
      (name) => readFileSync(`src/conformance/generated/${name}.json`).length,
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000);
  });

  test('hold the 146 resource types of R4 that are not abstract', () => {
    expect(registry.resourceTypes).toHaveLength(146);
    expect(registry.isResourceType('Observation')).toBe(true);
    expect(registry.isResourceType('DomainResource')).toBe(false);
    expect(registry.isResourceType('SubscriptionStatus')).toBe(false);
  });

  test('describe elements with cardinality, types, targets, binding and flags', () => {
    const element = (type: string, name: string) => registry.type(type)?.elements.find((it) => it.name === name);
    expect(element('Observation', 'status')).toMatchObject({
      min: 1,
      max: 1,
      types: ['code'],
      isModifier: true,
      isSummary: true,
      binding: { strength: 'required', valueSet: 'http://hl7.org/fhir/ValueSet/observation-status' },
    });
    expect(element('Observation', 'value')).toMatchObject({ choice: true, min: 0, max: 1 });
    expect(element('Observation', 'value')?.types).toHaveLength(11);
    expect(element('Observation.component', 'referenceRange')?.types).toEqual(['Observation.referenceRange']);
    expect(element('Patient', 'name')?.max).toBe(Number.POSITIVE_INFINITY);
    expect(element('Patient', 'generalPractitioner')?.targets).toEqual([
      'Organization',
      'Practitioner',
      'PractitionerRole',
    ]);
    expect(element('Patient', 'id')?.types).toEqual(['id']);
  });

  test('give every enumerable required binding its codes', () => {
    const open = new Set<string>();
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      for (const { binding, types } of registry.type(name)?.elements ?? []) {
        types.forEach(visit);
        if (binding?.strength !== 'required') continue;
        if (registry.valueSet(binding.valueSet)?.complete !== true) open.add(binding.valueSet.replace(/^.*\//, ''));
      }
    };
    registry.resourceTypes.forEach(visit);
    expect(seen.size).toBeGreaterThan(650);
    expect([...open].sort()).toEqual(['LL379-9', 'currencies', 'mimetypes', 'ucum-units']);
    expect(
      registry
        .valueSet('http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1')
        ?.codes.get('http://hl7.org/fhir/administrative-gender'),
    ).toEqual(new Set(['male', 'female', 'other', 'unknown']));
  });
});
