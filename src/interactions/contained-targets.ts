import { chainLinks, intoContained } from '../search/contained-chain.ts';
import { or, type Query } from '../search/query.ts';
import type { Call } from './context.ts';

/**
 * The query with its chains followed into contained resources (search.html#contained), where there are any that they
 * could lead to: most searches stay as they are, and as fast. A type that the caller may search in part only is not
 * followed into: contained resources have no policy of their own.
 */
export async function withContainedTargets(call: Call, query: Query): Promise<Query> {
  const links = chainLinks(query.types, query.where);
  if (links.length === 0) return query;
  const types = [...new Set(links.flatMap(({ sources }) => sources))];
  const where = or(...links.map(({ containers }) => containers));
  const some = await call.world.store.search({ types, where, sort: [], count: 1, total: 'none' });
  if (some.matches.length === 0) return query;
  const mayFollow = (type: string): boolean => {
    const decision = call.caller.permit.decide('s', type);
    return decision.allowed && decision.where.kind === 'all';
  };
  return { ...query, where: intoContained(call.world.registry, query.where, mayFollow) };
}
