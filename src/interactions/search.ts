import { Problem } from '../fhir/problem.ts';
import { inPatientCompartment } from '../search/compartment.ts';
import { openCursor } from '../search/page-cursor.ts';
import { type ParsedSearch, parseSearch } from '../search/parse.ts';
import type { Predicate, Query } from '../search/query.ts';
import type { Answer } from './answer.ts';
import { searchAuditEvents } from './audit-event-search.ts';
import { recordAccess } from './audit-record.ts';
import type { Call, RouteParams } from './context.ts';
import { included } from './include.ts';
import { permitted } from './permission.ts';
import { preferences } from './preferences.ts';
import { queryText } from './request.ts';
import { searchAnswer, searchLinks } from './search-answer.ts';
import { searchPairs } from './search-pairs.ts';
import { countOf, type Scope, scopedPage, scopesOf } from './search-scope.ts';

/** `GET [type]?…` and `POST [type]/_search` (http.html#search). */
export async function searchType(call: Call, { type }: RouteParams): Promise<Answer> {
  const parsed = parsedSearch(call, [type]);
  const scopes = scopesOf(call, parsed.query);
  return type === 'AuditEvent'
    ? searchAuditEvents(call, parsed, scopes)
    : answerSearch(call, 'search-type', parsed, scopes);
}

/** `GET [base]?…` and `POST _search`: the types that `_type` names, or all that the caller may search. */
export async function searchSystem(call: Call): Promise<Answer> {
  const named = searchPairs(call.request).some(([name]) => name === '_type');
  const all = call.world.registry.resourceTypes;
  const types = named ? all : all.filter((type) => call.caller.permit.decide('s', type).allowed);
  if (types.length === 0) throw new Problem('forbidden', "The token's scopes permit no search");
  const parsed = parsedSearch(call, types);
  return answerSearch(call, 'search-system', parsed, scopesOf(call, parsed.query));
}

/** `GET Patient/[id]/[type]?…` (compartmentdefinition.html#compartment-searching), or `*` for all types. */
export async function searchCompartment(call: Call, { type, id, inner }: RouteParams): Promise<Answer> {
  if (type !== 'Patient')
    throw new Problem('not-supported', `Compartments of ${type} are not served; those of Patient are`);
  const { registry } = call.world;
  const inside = registry.resourceTypes.filter((member) => registry.patientCompartment(member).length > 0);
  if (inner !== '*' && !inside.includes(inner)) {
    throw new Problem('not-supported', `${inner} is in no Patient's compartment`);
  }
  const types = inner === '*' ? inside.filter((member) => call.caller.permit.decide('s', member).allowed) : [inner];
  if (types.length === 0)
    throw new Problem('forbidden', "The token's scopes permit no search in a Patient's compartment");
  for (const member of types) permitted(call.caller, 's', member);
  const parsed = parsedSearch(call, types);
  const within = (member: string): Predicate => inPatientCompartment(registry, member, id);
  const scopes = scopesOf(call, parsed.query, within);
  return inner === 'AuditEvent'
    ? searchAuditEvents(call, parsed, scopes)
    : answerSearch(call, 'search-type', parsed, scopes);
}

function parsedSearch(call: Call, types: readonly string[]): ParsedSearch {
  const { registry, base, now, limits } = call.world;
  return parseSearch(registry, types, searchPairs(call.request), {
    base,
    now: now(),
    handling: preferences(call.request).handling,
    maxCount: limits.maxPageSize,
    defaultCount: limits.pageSize,
  });
}

async function answerSearch(
  call: Call,
  interaction: string,
  parsed: ParsedSearch,
  scopes: readonly Scope[],
): Promise<Answer> {
  const { query } = parsed;
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
  // Page links are bound to what the policy made of the query, so that no caller can follow another's.
  const bound: Query = { ...query, where: { kind: 'or', of: scopes.map(({ where }) => where) } };
  const cursor = parsed.page === undefined ? undefined : openCursor(call.world.pageKey, bound, parsed.page);
  const page = await scopedPage(call, { ...query, ...(cursor && { cursor }) }, scopes);
  const more = await included(call, page.matches, parsed.includes, parsed.revincludes);
  await recordAccess(call, { interaction, entities: [...page.matches, ...more.versions], query: asked });
  return searchAnswer(call, parsed, {
    matches: page.matches,
    included: more.versions,
    total: page.total,
    links: searchLinks(call, parsed, bound, page),
    truncated: more.truncated,
  });
}

/** `__explain`: how the store would find it. */
async function explained(call: Call, query: Query, scopes: readonly Scope[]): Promise<Answer> {
  const plans = await Promise.all(scopes.map((scope) => call.world.store.explain({ ...query, ...scope })));
  const parameter = plans.map((plan) => ({ name: 'plan', valueString: JSON.stringify(plan) }));
  return { status: 200, headers: {}, body: { kind: 'resource', resource: { resourceType: 'Parameters', parameter } } };
}
