import type { NotHeld } from '../conformance/terminology/not-held.ts';
import type { Terminology } from '../conformance/terminology/terminology.ts';
import { Problem } from '../fhir/problem.ts';
import { parseReference } from '../fhir/reference.ts';
import type { Resource } from '../fhir/resource.ts';
import { and, type Predicate } from '../search/query.ts';
import type { Call } from './context.ts';
import { storedResource } from './found-pages.ts';

/** What reading a search asks of code systems and value sets. */
export interface Definitions {
  readonly terminology: Terminology;
  readonly lacks: (definition: NotHeld) => void;
}

const LOADS = 20;

/**
 * What `read` makes of a search with the definitions of R4, our own and, where it lacks one, those that are stored and
 * the caller may search: it is read again with each that is found. Searches that lack none ask the store nothing.
 */
export async function withStoredDefinitions<T>(call: Call, read: (definitions: Definitions) => T): Promise<T> {
  let { terminology } = call.world.registry;
  const tried = new Set<string>();
  for (;;) {
    const lacking = new Map<string, NotHeld>();
    const lacks = (definition: NotHeld): void => {
      const { type, url, version } = definition;
      const key = `${type} ${url}|${version ?? ''}`;
      if (!tried.has(key)) lacking.set(key, definition);
    };
    const outcome = attempt(() => read({ terminology, lacks }));
    let found = false;
    for (const [key, definition] of lacking) {
      if (tried.size >= LOADS) break;
      tried.add(key);
      const resource = await storedDefinition(call, definition);
      if (resource === undefined) continue;
      found = true;
      terminology = terminology.with(resource, definition.type);
    }
    if (found) continue;
    if ('problem' in outcome) throw outcome.problem;
    return outcome.value;
  }
}

const attempt = <T>(read: () => T): { readonly value: T } | { readonly problem: Problem } => {
  try {
    return { value: read() };
  } catch (problem) {
    if (problem instanceof Problem) return { problem };
    throw problem;
  }
};

/** By canonical, or as `ValueSet/[id]`; then it is known under that name. */
async function storedDefinition(call: Call, { type, url, version }: NotHeld): Promise<Resource | undefined> {
  const decision = call.caller.permit.decide('s', type);
  if (!decision.allowed) return undefined;
  const literal = parseReference(url);
  const wanted: Predicate =
    literal?.kind === 'local'
      ? { kind: 'id', ids: [literal.id] }
      : { kind: 'uri', param: 'url', match: 'exact', value: url };
  const versioned: Predicate =
    version === undefined ? { kind: 'all' } : { kind: 'token', param: 'version', match: { by: 'code', code: version } };
  const where = and(decision.where, wanted, versioned);
  const { matches } = await call.world.store.search({ types: [type], where, sort: [], count: 1, total: 'none' });
  const resource = matches[0] && storedResource(matches[0]);
  return resource && literal?.kind === 'local' ? { ...resource, url } : resource;
}
