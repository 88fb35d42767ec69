import { describe, expect, test } from '@jest/globals';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';

const registry = loadRegistry();

describe('search parameters', () => {
  test('of every type include those of all resources', () => {
    for (const type of registry.resourceTypes) {
      for (const code of ['_id', '_lastUpdated', '_tag', '_profile', '_security', '_source', '_content']) {
        expect(registry.searchParameters(type).has(code)).toBe(true);
      }
    }
    expect(registry.searchParameters('Patient').has('_text')).toBe(true);
    expect(registry.searchParameters('Bundle').has('_text')).toBe(false);
  });

  test('have an expression for their own type alone', () => {
    const code = registry.searchParameters('Observation').get('code');
    expect(code).toMatchObject({
      type: 'token',
      expression: 'Observation.code',
      description: 'The code of the observation type',
    });
    for (const type of registry.resourceTypes) {
      for (const parameter of registry.searchParameters(type).values()) {
        if (['_text', '_content'].includes(parameter.code)) continue;
        expect(parameter.expression).toMatch(new RegExp(`^\\(*(${type}|Resource|DomainResource)\\b`));
      }
    }
  });

  test('that are composites know the types of their parts', () => {
    expect(registry.searchParameters('Observation').get('code-value-quantity')?.components).toEqual([
      {
        definition: 'http://hl7.org/fhir/SearchParameter/clinical-code',
        code: 'code',
        type: 'token',
        expression: 'code',
      },
      {
        definition: 'http://hl7.org/fhir/SearchParameter/Observation-value-quantity',
        code: 'value-quantity',
        type: 'quantity',
        expression: 'value.as(Quantity)',
      },
    ]);
  });

  test('of our own are merged and change the hash of their type alone', () => {
    const own = loadRegistry({
      searchParameters: [
        {
          resourceType: 'SearchParameter',
          url: 'http://example.org/SearchParameter/nickname',
          code: 'nickname',
          type: 'string',
          base: ['Patient', 'Person'],
          expression: "Patient.name.where(use = 'nickname' | 'x') | Person.name",
          description: 'A nickname',
        },
      ],
    });
    expect(own.searchParameters('Patient').get('nickname')?.expression).toBe(
      "Patient.name.where(use = 'nickname' | 'x')",
    );
    expect(own.searchParameters('Person').get('nickname')?.expression).toBe('Person.name');
    expect(own.searchHash('Patient')).not.toBe(registry.searchHash('Patient'));
    expect(own.searchHash('Observation')).toBe(registry.searchHash('Observation'));
  });
});

describe('the Patient compartment', () => {
  test('is known for every type, the patient itself included', () => {
    expect(registry.patientCompartment('Observation')).toEqual(['subject', 'performer']);
    expect(registry.patientCompartment('Patient')).toEqual(['{def}', 'link']);
    expect(registry.patientCompartment('Medication')).toEqual([]);
  });
});

describe('value sets of our own', () => {
  test('are expanded from code systems of our own', () => {
    const own = loadRegistry({
      codeSystems: [
        {
          resourceType: 'CodeSystem',
          url: 'http://example.org/mood',
          concept: [{ code: 'low', concept: [{ code: 'very-low' }] }, { code: 'high' }],
        },
      ],
      valueSets: [
        {
          resourceType: 'ValueSet',
          url: 'http://example.org/moods',
          compose: {
            include: [
              { system: 'http://example.org/mood' },
              { system: 'http://loinc.org', concept: [{ code: '1-1' }] },
            ],
          },
        },
        {
          resourceType: 'ValueSet',
          url: 'http://example.org/open',
          compose: { include: [{ system: 'http://snomed.info/sct' }] },
        },
      ],
    });
    const set = own.valueSet('http://example.org/moods');
    expect(set?.complete).toBe(true);
    expect(set?.codes.get('http://example.org/mood')).toEqual(new Set(['low', 'very-low', 'high']));
    expect(set?.codes.get('http://loinc.org')).toEqual(new Set(['1-1']));
    expect(own.valueSet('http://example.org/open')?.complete).toBe(false);
    expect(own.valueSet('http://example.org/none')).toBeUndefined();
  });
});
