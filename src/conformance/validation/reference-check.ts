import { parseReference, referencedType } from '../../fhir/reference.ts';
import { isObject } from '../../fhir/resource.ts';
import type { Registry } from '../registry.ts';
import type { Check, Run } from './run.ts';

/** Type that a relative reference, an absolute one that looks like a FHIR url, or a fragment points at; undefined where open. */
const typeOf = (reference: string, run: Run): string | undefined => {
  if (reference.charCodeAt(0) !== 35) {
    const end = reference.indexOf('/');
    // The usual `Patient/123`, without the general parser.
    if (end > 0 && reference.indexOf('/', end + 1) < 0) return reference.slice(0, end);
    return referencedType(reference);
  }
  const found = reference.length === 1 ? run.root : run.contained.get(reference.slice(1));
  const type = found?.['resourceType'];
  return typeof type === 'string' ? type : undefined;
};

/** True for an id (datatypes.html#id) between two places of the text. */
const isId = (text: string, from: number, to: number): boolean => {
  if (to <= from || to - from > 64) return false;
  for (let at = from; at < to; at += 1) {
    const c = text.charCodeAt(at);
    const fits = (c >= 97 && c <= 122) || (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || c === 45 || c === 46;
    if (!fits) return false;
  }
  return true;
};

const HISTORY = '/_history/';

/** True for `[type]/[id]` and `[type]/[id]/_history/[version]` (references.html#literal), whatever the type. */
const isRelative = (reference: string): boolean => {
  const slash = reference.indexOf('/');
  if (slash <= 0) return false;
  const end = reference.indexOf('/', slash + 1);
  if (end < 0) return isId(reference, slash + 1, reference.length);
  const versioned = reference.startsWith(HISTORY, end) && isId(reference, end + HISTORY.length, reference.length);
  return versioned && isId(reference, slash + 1, end);
};

const relativeProblem = (reference: string, run: Run): string | undefined => {
  if (reference.charCodeAt(0) === 35 || isRelative(reference) || isAbsolute(reference)) return undefined;
  if (parseReference(reference)?.kind !== 'conditional')
    return `${reference} is no reference: a relative one is [type]/[id] or [type]/[id]/_history/[version]`;
  return run.names[0] === 'Bundle'
    ? undefined
    : `${reference} is a search: that is a reference in the Bundle of a transaction alone`;
};

const isAbsolute = (reference: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(reference);

/** Checks that a Reference names a type that exists and that the element permits (references.html). */
export const referenceCheck = (registry: Registry, targets: readonly string[]): Check => {
  const permitted = new Set(targets);
  const wanted = targets.length > 8 ? `one of ${targets.length} types such as ${targets[0]}` : targets.join(' or ');
  return (value, run, depth) => {
    if (!isObject(value)) return;
    const { reference, type: declared } = value;
    const problem = typeof reference === 'string' ? relativeProblem(reference, run) : undefined;
    if (problem !== undefined) {
      run.enter(depth + 1, 'reference');
      run.fail(depth + 1, 'value', problem);
      return;
    }
    const type = typeof reference === 'string' ? typeOf(reference, run) : undefined;
    if (type !== undefined && typeof reference === 'string') {
      if (!registry.isResourceType(type)) {
        if (isAbsolute(reference)) return;
        run.enter(depth + 1, 'reference');
        run.fail(depth + 1, 'value', `${reference} is no reference: ${type} is not a resource type`);
        return;
      }
      if (permitted.size > 0 && !permitted.has(type)) {
        run.enter(depth + 1, 'reference');
        run.fail(depth + 1, 'value', `${reference} refers to a ${type}; this element may refer to ${wanted}`);
      }
    }
    if (typeof declared !== 'string') return;
    if (type !== undefined && registry.isResourceType(declared) && declared !== type) {
      run.enter(depth + 1, 'type');
      run.fail(depth + 1, 'value', `type is ${declared} but the reference is to a ${type}`);
    } else if (
      type === undefined &&
      permitted.size > 0 &&
      registry.isResourceType(declared) &&
      !permitted.has(declared)
    ) {
      run.enter(depth + 1, 'type');
      run.fail(depth + 1, 'value', `this element may refer to ${wanted}, not to a ${declared}`);
    }
  };
};
