import { Problem } from '../fhir/problem.ts';
import { compartmentMembers, inCompartment } from '../search/compartment.ts';
import { openCursor } from '../search/page-cursor.ts';
import { type ParsedSearch, parseSearch } from '../search/parse.ts';
import type { Predicate, Query } from '../search/query.ts';
import type { Answer } from './answer.ts';
import { searchAuditEvents } from './audit-event-search.ts';
import { refuseLogJoins } from './audit-joins.ts';
import { recordAccess } from './audit-record.ts';
import { withCanonicalLinks } from './canonical-links.ts';
import { searchContained } from './contained-search.ts';
import { withContainedTargets } from './contained-targets.ts';
import type { Call, RouteParams } from './context.ts';
import { included } from './include.ts';
import { permitted } from './permission.ts';
import { preferences } from './preferences.ts';
import { queryText } from './request.ts';
import { searchAnswer, searchLinks } from './search-answer.ts';
import { explained } from './search-explain.ts';
import { searchPairs } from './search-pairs.ts';
import { withStoredDefinitions } from './stored-terminology.ts';
import { countOf, type ScopedPage, scopedPage, scopesOf } from './search-scope.ts';

/** `GET [type]?…` and `POST [type]/_search` (http.html#search). */
export async function searchType(call: Call, { type }: RouteParams): Promise<Answer> {
  const parsed = await parsedSearch(call, [type]);
  return answered(call, 'search-type', parsed);
}

/** `GET [base]?…` and `POST _search`: the types that `_type` names, or all that the caller may search. */
export async function searchSystem(call: Call): Promise<Answer> {
  const named = searchPairs(call.request).some(([name]) => name === '_type');
  const all = call.world.registry.resourceTypes;
  const types = named ? all : all.filter((type) => call.caller.permit.decide('s', type).allowed);
  if (types.length === 0) throw new Problem('forbidden', "The token's scopes permit no search");
  const parsed = await parsedSearch(call, types);
  return answered(call, 'search-system', parsed);
}

/** `GET [owner]/[id]/[type]?…` (compartmentdefinition.html#compartment-searching), or `*` for all types. */
export async function searchCompartment(call: Call, { type: owner, id, inner }: RouteParams): Promise<Answer> {
  const { registry } = call.world;
  const inside = compartmentMembers(registry, owner);
  if (inside.length === 0) {
    const owners = registry.compartmentOwners.join(', ');
    throw new Problem('not-found', `There are no compartments of ${owner}; there are of ${owners}`);
  }
  if (inner !== '*' && !inside.includes(inner)) {
    throw new Problem('not-found', `${inner} is in no compartment of ${owner}; ${inside.join(', ')} are`);
  }
  const types = inner === '*' ? inside.filter((member) => call.caller.permit.decide('s', member).allowed) : [inner];
  if (types.length === 0)
    throw new Problem('forbidden', `The token's scopes permit no search in a compartment of ${owner}`);
  for (const member of types) permitted(call.caller, 's', member);
  const parsed = await parsedSearch(call, types);
  if (parsed.contained !== 'false') {
    const why = 'contained resources are in no compartment of their own; search the type itself';
    throw new Problem('not-supported', `search parameter '_contained': ${why}`, { expression: ['_contained'] });
  }
  const within = (member: string): Predicate => inCompartment(registry, owner, member, id);
  return answered(call, 'search-type', parsed, within);
}

/** By whichever source holds what is searched; `_type` may have left one type of many. */
async function answered(
  call: Call,
  interaction: string,
  parsed: ParsedSearch,
  within?: (type: string) => Predicate,
): Promise<Answer> {
  refuseLogJoins(parsed, () => searchPairs(call.request).some(([name]) => name === '_type'));
  const [only, ...others] = parsed.query.types;
  if (only !== undefined && others.length === 0) {
    if (parsed.contained !== 'false') return searchContained(call, parsed, only);
    if (only === 'AuditEvent') return searchAuditEvents(call, parsed, scopesOf(call, parsed.query, within));
  }
  return answerSearch(call, interaction, parsed, within);
}

function parsedSearch(call: Call, types: readonly string[]): Promise<ParsedSearch> {
  const { registry, base, now, limits } = call.world;
  const options = {
    base,
    now: now(),
    handling: preferences(call.request).handling,
    maxCount: limits.maxPageSize,
    defaultCount: limits.pageSize,
  };
  return withStoredDefinitions(call, (terminology) =>
    parseSearch(registry, types, searchPairs(call.request), { ...options, terminology }),
  );
}

async function answerSearch(
  call: Call,
  interaction: string,
  parsed: ParsedSearch,
  within?: (type: string) => Predicate,
): Promise<Answer> {
  const { query } = parsed;
  const permittedScopes = scopesOf(call, query, within);
  const reaching = await withCanonicalLinks(call, await withContainedTargets(call, query));
  const scopes = reaching === query ? permittedScopes : scopesOf(call, reaching, within);
  if (parsed.explain) return explained(call, query, scopes);
  const asked = queryText(searchPairs(call.request));
  if (parsed.summary === 'count') {
    const total = await countOf(call, scopes);
    await recordAccess(call, { interaction, entities: [], query: asked });
    return searchAnswer(call, parsed, {
      matches: [],
      included: [],
      total,
      links: searchLinks(call, parsed, query, {}),
    });
  }
  // Page links are bound to what the policy made of the query, so that no caller can follow another's, and not to what is stored.
  const bound: Query = { ...query, where: { kind: 'or', of: permittedScopes.map(({ where }) => where) } };
  const cursor = parsed.page === undefined ? undefined : openCursor(call.world.pageKey, bound, parsed.page);
  const page = await scopedPage(call, { ...query, ...(cursor && { cursor }) }, scopes);
  const more = await included(call, page.matches, parsed.includes, parsed.revincludes);
  await recordAccess(call, { interaction, entities: [...page.matches, ...more.versions], query: asked });
  return searchAnswer(call, parsed, {
    matches: page.matches,
    included: more.versions,
    total: page.total ?? (isWhole(call, parsed, page) ? page.matches.length : undefined),
    links: searchLinks(call, parsed, bound, page),
    truncated: more.truncated,
  });
}

/** True of a page that holds all there is, so that the total is known without counting; who wants none is told none. */
const isWhole = (call: Call, { page }: ParsedSearch, { next }: ScopedPage): boolean =>
  page === undefined && next === undefined && !searchPairs(call.request).some(([name]) => name === '_total');
