import { Problem } from '../fhir/problem.ts';
import { containerCandidates, refuseLinks } from '../search/container-candidates.ts';
import { openCursor } from '../search/page-cursor.ts';
import type { ParsedSearch } from '../search/parse.ts';
import { and, type Predicate, type Query } from '../search/query.ts';
import type { Answer } from './answer.ts';
import { recordAccess } from './audit-record.ts';
import { type ContainedPart, containedCount, containedPage } from './contained-pages.ts';
import type { Call } from './context.ts';
import { included } from './include.ts';
import { permitted } from './permission.ts';
import { queryText } from './request.ts';
import { searchAnswer, searchLinks } from './search-answer.ts';
import { explained } from './search-explain.ts';
import { searchPairs } from './search-pairs.ts';
import { scopesOf } from './search-scope.ts';

/**
 * `GET [type]?_contained=true|both` (search.html#contained): resources of the type that are contained in resources the
 * caller may search, newest container first; with `both` after those that stand alone. The caller must be allowed to
 * search the type and the container's.
 */
export async function searchContained(call: Call, parsed: ParsedSearch, type: string): Promise<Answer> {
  requireAnswerable(parsed, type);
  const { query } = parsed;
  const asked = and(permitted(call.caller, 's', type), query.where);
  const parts = partsOf(call, parsed, type, asked);
  if (parsed.explain) return explained(call, query, parts);
  const inner = { type, where: asked, alone: parsed.containedType === 'contained' };
  const audited = { interaction: 'search-type', query: queryText(searchPairs(call.request)) };
  const total = query.total === 'none' ? undefined : await containedCount(call, parts, inner);
  // Candidates of different searches can be alike, so links are bound to what is asked of the contained resources too.
  const bound: Query = { ...query, where: { kind: 'or', of: [asked, ...parts.map(({ where }) => where)] } };
  if (parsed.summary === 'count') {
    await recordAccess(call, { ...audited, entities: [] });
    return searchAnswer(call, parsed, {
      matches: [],
      included: [],
      total,
      links: searchLinks(call, parsed, bound, {}),
    });
  }
  const from = parsed.page === undefined ? [] : openCursor(call.world.pageKey, bound, parsed.page).position;
  const { found, containers, next } = await containedPage(call, parts, inner, query.count, from);
  const more = await included(call, containers, parsed.includes, parsed.revincludes);
  await recordAccess(call, { ...audited, entities: [...containers, ...more.versions] });
  return searchAnswer(call, parsed, {
    matches: found,
    included: more.versions,
    total,
    links: searchLinks(call, parsed, bound, { next }),
    truncated: more.truncated,
  });
}

/** Those that stand alone, where both are asked for, then the candidates among containers of every type. */
function partsOf(call: Call, parsed: ParsedSearch, type: string, asked: Predicate): readonly ContainedPart[] {
  const { registry } = call.world;
  const both = parsed.contained === 'both';
  const types = registry.resourceTypes.filter((one) => call.caller.permit.decide('s', one).allowed);
  const candidates: Query = { ...parsed.query, types, where: containerCandidates(registry, type, asked) };
  // A resource that matches itself is not given again for what it contains.
  const again = both && parsed.containedType === 'container';
  const containers = scopesOf(call, candidates, (one) =>
    again && one === type ? { kind: 'not', of: asked } : { kind: 'all' },
  );
  const standing = both ? scopesOf(call, parsed.query) : [];
  return [
    ...standing.map((scope) => ({ ...scope, containers: false })),
    ...containers.map((scope) => ({ ...scope, containers: true })),
  ];
}

function requireAnswerable(parsed: ParsedSearch, type: string): void {
  const refuse = (name: string, why: string): never => {
    throw new Problem('not-supported', `search parameter '${name}': ${why}`, { expression: [name] });
  };
  if (type === 'AuditEvent') refuse('_contained', 'AuditEvents are made from the log and contain nothing');
  if (parsed.query.sort.length > 0) refuse('_sort', 'with _contained the newest container comes first, and no other');
  if (parsed.containedType === 'contained' && parsed.includes.length + parsed.revincludes.length > 0)
    refuse('_containedType', 'contained resources are given alone, so nothing is included with them');
  refuseLinks(parsed.query.where);
}
