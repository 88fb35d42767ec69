import type { DefinitionType, Terminology } from '../conformance/terminology/terminology.ts';
import { Problem } from '../fhir/problem.ts';
import { parseCanonical, parseReference } from '../fhir/reference.ts';
import type { Resource } from '../fhir/resource.ts';
import { and, type Predicate } from '../search/query.ts';
import type { Caller, World } from './context.ts';
import { storedResource } from './found-pages.ts';

const LOADS = 20;

interface Asker {
  readonly world: World;
  readonly caller: Pick<Caller, 'permit'>;
}

/**
 * What `read` makes of the definitions of R4, our own and, where it lacks one, those that are stored and the caller may
 * search: it is asked again with each that is found. What lacks none asks the store nothing. Throws what `read` throws.
 */
export async function withStoredDefinitions<T>(
  asker: Asker,
  read: (terminology: Terminology) => T,
  date?: string,
): Promise<T> {
  const held = asker.world.registry.terminology;
  let terminology = date === undefined ? held : held.asOf(date);
  const tried = new Set<string>();
  for (;;) {
    const lacking = new Map<string, readonly [DefinitionType, string]>();
    const telling = terminology.telling((type, canonical) => {
      const key = `${type} ${canonical}`;
      if (!tried.has(key)) lacking.set(key, [type, canonical]);
    });
    const outcome = attempt(() => read(telling));
    let found = false;
    for (const [key, [type, canonical]] of lacking) {
      if (tried.size >= LOADS) break;
      tried.add(key);
      const resource = await storedDefinition(asker, type, canonical);
      if (resource === undefined) continue;
      found = true;
      terminology = terminology.with(resource, type, canonical);
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

/** By canonical, or as `ValueSet/[id]`. */
async function storedDefinition(asker: Asker, type: DefinitionType, canonical: string): Promise<Resource | undefined> {
  const { url, version } = parseCanonical(canonical);
  const literal = parseReference(url);
  const wanted: Predicate[] =
    literal?.kind === 'local' && literal.type === type
      ? [{ kind: 'id', ids: [literal.id] }]
      : [{ kind: 'uri', param: 'url', match: 'exact', value: url }];
  if (version !== null) wanted.push({ kind: 'token', param: 'version', match: { by: 'code', code: version } });
  return (await storedWhere(asker, type, wanted, 1))[0];
}

/** Stored definitions that the caller may search, newest first. */
export async function storedWhere(
  { world, caller }: Asker,
  type: string,
  where: readonly Predicate[],
  count = world.limits.maxPageSize,
): Promise<readonly Resource[]> {
  const decision = caller.permit.decide('s', type);
  if (!decision.allowed) return [];
  const query = { types: [type], where: and(decision.where, ...where), sort: [], count, total: 'none' } as const;
  return (await world.store.search(query)).matches.map(storedResource);
}
