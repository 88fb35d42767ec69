import { isObject } from '../../fhir/resource.ts';
import type { ProfileNode } from './profile-tree.ts';
import type { Check } from './run.ts';

const ABSTRACT: ReadonlySet<string> = new Set(['Resource', 'DomainResource']);

/**
 * What a profile asks of a resource within another, in Bundle.entry.resource or contained: its type, and what it says
 * of a resource of that type, for which %resource is the inner one.
 */
export const nestedResourceCheck = (
  node: ProfileNode,
  types: readonly string[],
  checkOf: (type: string) => Check | undefined,
): Check | undefined => {
  const concrete = types.filter((type) => !ABSTRACT.has(type));
  const any = concrete.length < types.length || concrete.length === 0;
  const names = any ? ['Resource'] : concrete;
  const checks = new Map(names.map((type) => [type, checkOf(type)]));
  if (any && checks.get('Resource') === undefined) return undefined;
  return (value, run, depth) => {
    if (!isObject(value)) return;
    const type = String(value['resourceType']);
    if (!any && !concrete.includes(type)) {
      run.fail(depth, 'structure', `the profile allows ${node.name} as ${concrete.join(' or ')}, not as ${type}`);
      return;
    }
    const check = checks.get(any ? 'Resource' : type);
    if (check === undefined) return;
    const { resource, root } = run;
    run.turnTo(value, run.names[depth] === 'contained' ? root : value);
    check(value, run, depth);
    run.turnTo(resource, root);
  };
};
