import { isObject, listOf } from '../../fhir/resource.ts';
import type { Compiler } from './compiler.ts';
import { nearestName } from './nearest-name.ts';
import { profileCheck } from './profile.ts';
import type { Check } from './run.ts';

/** Check of a resource by the type it says it is, then by the profiles it claims; contained resources and Bundle entries too. */
export const resourceCheck =
  (compiler: Compiler): Check =>
  (value, run, depth) => {
    if (!isObject(value)) {
      run.fail(depth, 'structure', 'expected a resource');
      return;
    }
    const type = value['resourceType'];
    if (typeof type !== 'string' || !compiler.registry.isResourceType(type)) {
      run.enter(depth + 1, 'resourceType');
      const near = typeof type === 'string' ? nearestName(type, compiler.registry.resourceTypes) : undefined;
      const what =
        type === undefined ? 'a resource needs its resourceType' : `${String(type)} is not a resource type of R4`;
      run.fail(depth + 1, 'structure', near === undefined ? what : `${what}: did you mean ${near}?`);
      return;
    }
    const isContained = run.names[depth] === 'contained';
    if (isContained && value['contained'] !== undefined) {
      run.enter(depth + 1, 'contained');
      run.fail(depth + 1, 'invariant', 'a contained resource must not contain others (dom-2)');
      return;
    }
    const { resource, root, errors } = run;
    run.turnTo(value, isContained ? root : value);
    compiler.check(type)(value, run, depth);
    if (run.errors === errors) {
      const meta = value['meta'];
      if (isObject(meta) && meta['profile'] !== undefined) {
        for (const [at, canonical] of listOf(meta['profile']).entries()) {
          if (typeof canonical !== 'string') continue;
          if (!profileCheck(compiler, canonical)(value, run, depth)) {
            run.enter(depth + 1, 'meta');
            run.names[depth + 2] = 'profile';
            run.indexes[depth + 2] = at;
            run.warn(depth + 2, 'not-supported', `profile ${canonical} is not known here, so it was not checked`);
          }
        }
      }
    }
    run.turnTo(resource, root);
  };
