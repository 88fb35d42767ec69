import type { Registry } from '../registry.ts';
import type { Check, Run } from './run.ts';

const RELATIVE = /^([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}$/;

/** Type of what a canonical names, where the text alone says it: `#contained`, `Library/1`. An absolute url is opaque. */
const typeOf = (canonical: string, registry: Registry, run: Run): string | undefined => {
  if (canonical.charCodeAt(0) !== 35) {
    const type = RELATIVE.exec(canonical.split('|', 1)[0] ?? '')?.[1];
    return type !== undefined && registry.isResourceType(type) ? type : undefined;
  }
  const found = canonical.length === 1 ? run.root : run.contained.get(canonical.slice(1));
  const type = found?.['resourceType'];
  return typeof type === 'string' ? type : undefined;
};

/** Checks that a canonical names no resource of a type that the element does not permit (references.html#canonical). */
export const canonicalCheck = (registry: Registry, targets: readonly string[]): Check => {
  const permitted = new Set(targets);
  return (value, run, depth) => {
    if (typeof value !== 'string') return;
    const type = typeOf(value, registry, run);
    if (type === undefined) {
      // Of References an invariant asks for it (ref-1), of canonicals no rule does.
      if (value.charCodeAt(0) === 35) run.warn(depth, 'not-found', `${value} refers to no contained resource`);
    } else if (permitted.size > 0 && !permitted.has(type)) {
      const wanted = targets.length > 8 ? `one of ${targets.length} types such as ${targets[0]}` : targets.join(' or ');
      run.fail(depth, 'value', `${value} refers to a ${type}; this element may refer to ${wanted}`);
    }
  };
};
