import type { Issue } from '../../fhir/problem.ts';
import type { Resource } from '../../fhir/resource.ts';
import type { Registry } from '../registry.ts';
import { Compiler } from './compiler.ts';
import { profileCheck } from './profile.ts';
import { Run } from './run.ts';

export interface ValidationOptions {
  /** Canonicals of profiles to check beside those that the resource claims. */
  readonly profiles?: readonly string[];
}

/** What is wrong with a resource, errors and warnings in the order met; empty where nothing is (validation.html). */
export type Validate = (resource: Resource, options?: ValidationOptions) => readonly Issue[];

/**
 * A validator for R4 and the registry's profiles: structure, formats, bindings, references, invariants, profiles.
 * Checks are compiled from the definitions when a type is first met.
 */
export const validator = (registry: Registry): Validate => {
  const compiler = new Compiler(registry);
  const check = compiler.check('Resource');
  return (resource, options) => {
    const run = new Run(resource, String(resource.resourceType), compiler.model);
    check(resource, run, 0);
    for (const canonical of options?.profiles ?? []) {
      if (run.errors > 0) break;
      if (!profileCheck(compiler, canonical)(resource, run, 0)) {
        run.fail(0, 'not-supported', `profile ${canonical} is not known here`);
      }
    }
    return run.issues;
  };
};
