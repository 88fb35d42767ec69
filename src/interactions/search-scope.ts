import { Problem } from '../fhir/problem.ts';
import { canonicalPredicate } from '../search/canonical-query.ts';
import { and, type Predicate, type Query } from '../search/query.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Call } from './context.ts';
import { guarded, permitted } from './permission.ts';

/** Types that a search may look at under one and the same policy. */
export interface Scope {
  readonly types: readonly string[];
  readonly where: Predicate;
}

/**
 * The query as the policy allows it: one scope, unless types of a system level search are narrowed differently. `within`
 * narrows further (compartments). Throws Problem `forbidden` where a type may not be searched at all.
 */
export function scopesOf(call: Call, query: Query, within?: (type: string) => Predicate): readonly Scope[] {
  const asked = guarded(call.caller, query.where);
  const [only, ...others] = query.types;
  const narrowed = (type: string): Predicate =>
    and(permitted(call.caller, 's', type), within?.(type) ?? { kind: 'all' }, asked);
  if (only !== undefined && others.length === 0) return [{ types: query.types, where: narrowed(only) }];
  const scopes = new Map<string, { types: string[]; where: Predicate }>();
  for (const type of query.types) {
    const where = narrowed(type);
    const key = canonicalPredicate(where);
    const scope = scopes.get(key) ?? { types: [], where };
    scope.types.push(type);
    scopes.set(key, scope);
  }
  return [...scopes.values()];
}

export interface ScopedPage {
  readonly matches: readonly StoredVersion[];
  readonly total?: number | undefined;
  readonly next?: readonly (string | number | null)[] | undefined;
  readonly previous?: readonly (string | number | null)[] | undefined;
}

/** One page over all scopes. Positions begin with the scope's ordinal; several scopes are read one after another. */
export async function scopedPage(call: Call, query: Query, scopes: readonly Scope[]): Promise<ScopedPage> {
  const [first, ...others] = scopes;
  if (first === undefined) return { matches: [] };
  if (others.length === 0) return onePage(call, query, first);
  if (query.sort.length > 0) {
    throw new Problem('not-supported', '_sort over types that the token narrows differently; name one type', {
      expression: ['_sort'],
    });
  }
  return pageAcross(call, query, scopes);
}

async function onePage(call: Call, query: Query, scope: Scope): Promise<ScopedPage> {
  const { cursor } = query;
  const narrowed = { ...query, ...scope, ...(cursor && { cursor: { ...cursor, position: cursor.position.slice(1) } }) };
  const { matches, total, next, previous } = await call.world.store.search(narrowed);
  return { matches, total, next: next && [0, ...next], previous: previous && [0, ...previous] };
}

async function pageAcross(call: Call, { cursor, ...query }: Query, scopes: readonly Scope[]): Promise<ScopedPage> {
  const [ordinal = 0, ...position] = cursor?.position ?? [];
  const total = query.total === 'none' ? undefined : await countOf(call, scopes);
  const matches: StoredVersion[] = [];
  let from: readonly (string | number | null)[] = position;
  for (let at = Number(ordinal); at < scopes.length; at++) {
    const scope = scopes[at];
    if (scope === undefined) break;
    const count = query.count - matches.length;
    if (count === 0) return { matches, total, next: [at] };
    const continued = from.length > 0 && { cursor: { direction: 'next' as const, position: from } };
    const page = await call.world.store.search({ ...query, ...scope, count, total: 'none', ...continued });
    matches.push(...page.matches);
    if (page.next !== undefined) return { matches, total, next: [at, ...page.next] };
    from = [];
  }
  return { matches, total };
}

/** How many resources match in all scopes. */
export async function countOf(call: Call, scopes: readonly Scope[]): Promise<number> {
  const counts = await Promise.all(scopes.map(({ types, where }) => call.world.store.count(types, where)));
  return counts.reduce((sum, count) => sum + count, 0);
}
