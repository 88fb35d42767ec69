import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import type { ExtraDefinitions } from '../../src/conformance/profiles-folder.ts';
import { type ValidationOptions, validator } from '../../src/conformance/validation/validator.ts';
import type { Json, Resource } from '../../src/fhir/resource.ts';

/** Says what a validator finds, as lines `severity expression: diagnostics`. */
export const validating = (extra?: ExtraDefinitions) => {
  const validate = validator(loadRegistry(extra));
  return (resource: Resource, options?: ValidationOptions): readonly string[] =>
    validate(resource, options)
      .filter(({ diagnostics }) => !diagnostics.endsWith('(dom-6)'))
      .map(({ severity, expression, diagnostics }) => `${severity} ${expression?.join()}: ${diagnostics}`);
};

/** A heart rate as a wearable's hub sends it; an element changed to undefined is left out. */
export const heartRate = (change: Readonly<Record<string, Json | undefined>> = {}): Resource => {
  const { resourceType, ...elements } = { ...HEART_RATE, ...change };
  const present = Object.entries(elements).filter(([, value]) => value !== undefined);
  return { resourceType: String(resourceType), ...Object.fromEntries(present) };
};

const HEART_RATE: Resource = {
  resourceType: 'Observation',
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  subject: { reference: 'Patient/p1' },
  effectiveDateTime: '2026-03-01T08:00:00Z',
  valueQuantity: { value: 61, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
};
