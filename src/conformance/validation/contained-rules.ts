import { compile } from '../../fhir/fhirpath/compile.ts';
import { FhirPathNode } from '../../fhir/fhirpath/node.ts';
import { isType } from '../../fhir/fhirpath/type-test.ts';
import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';
import type { Check, Run } from './run.ts';

const DESCENDANTS = compile('descendants()');
const URI = { namespace: undefined, name: 'uri' };

/** References, canonicals and uris below a resource that begin with `#` (references.html#contained); the same text elsewhere refers to nothing. */
const fragments = (resource: JsonObject, run: Run): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const node of DESCENDANTS.evaluate(
    new FhirPathNode(resource, String(resource['resourceType'])),
    run.environment,
  )) {
    const { value, name } = node;
    if (typeof value !== 'string' || value.charCodeAt(0) !== 35) continue;
    if (name === 'reference' || isType(node, URI, run.environment.model)) found.add(value);
  }
  return found;
};

const failAt = (run: Run, depth: number, at: number, member: string | undefined, diagnostics: string): void => {
  run.names[depth + 1] = 'contained';
  run.indexes[depth + 1] = at;
  if (member !== undefined) run.enter(depth + 2, member);
  run.fail(depth + (member === undefined ? 1 : 2), 'invariant', diagnostics);
};

const contained = (value: unknown): readonly JsonObject[] =>
  isObject(value) ? listOf(value['contained']).filter(isObject) : [];

const onEach =
  (rule: (resource: JsonObject) => readonly [member: string, diagnostics: string] | undefined): Check =>
  (value, run, depth) => {
    for (const [at, resource] of contained(value).entries()) {
      const broken = rule(resource);
      if (broken !== undefined) failAt(run, depth, at, broken[0], broken[1]);
    }
  };

/** The invariants of DomainResource about contained resources, with the offending resource named. */
export const CONTAINED_RULES: Readonly<Record<string, Check>> = {
  'dom-3': (value, run, depth) => {
    if (!isObject(value) || value['contained'] === undefined) return;
    const used = fragments(value, run);
    const ids = new Set<unknown>();
    for (const [at, resource] of contained(value).entries()) {
      if (ids.has(resource['id']))
        failAt(run, depth, at, 'id', `another contained resource has the id ${String(resource['id'])} already`);
      ids.add(resource['id']);
      const named = typeof resource['id'] === 'string' && used.has(`#${resource['id']}`);
      if (named || fragments(resource, run).has('#')) continue;
      failAt(run, depth, at, undefined, `nothing refers to the contained resource #${resource['id'] ?? ''} (dom-3)`);
    }
  },
  'dom-4': onEach(({ meta }) => {
    const has = isObject(meta) && (meta['versionId'] !== undefined || meta['lastUpdated'] !== undefined);
    return has ? ['meta', 'a contained resource must not have meta.versionId or meta.lastUpdated (dom-4)'] : undefined;
  }),
  'dom-5': onEach(({ meta }) =>
    isObject(meta) && meta['security'] !== undefined
      ? ['meta', 'a contained resource must not have a security label (dom-5)']
      : undefined,
  ),
};
