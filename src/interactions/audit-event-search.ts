import { writeJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { openCursor } from '../search/page-cursor.ts';
import type { ParsedSearch } from '../search/parse.ts';
import type { Predicate, Query } from '../search/query.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Answer } from './answer.ts';
import { recordAccess } from './audit-record.ts';
import { type RenderedEvent, scanAudit } from './audit-scan.ts';
import { type AuditCandidates, auditCandidates } from './audit-terms.ts';
import type { Call } from './context.ts';
import { queryText } from './request.ts';
import { searchAnswer, searchLinks } from './search-answer.ts';
import { searchPairs } from './search-pairs.ts';
import type { Scope } from './search-scope.ts';

type Position = readonly (string | number | null)[];
/** A source that has given all it has. */
const END = '';

/**
 * `GET AuditEvent?…`: the log, rendered, merged newest first with AuditEvents that clients stored. A page position is
 * [id of the last record looked at, or END; position in the store, or END].
 */
export async function searchAuditEvents(call: Call, parsed: ParsedSearch, scopes: readonly Scope[]): Promise<Answer> {
  const where: Predicate = scopes[0]?.where ?? { kind: 'none' };
  const query: Query = { ...parsed.query, where };
  requireNewestFirst(query);
  requireNoLinks(parsed);
  const candidates = await auditCandidates(call.world, where);
  if (parsed.summary === 'count') return counted(call, parsed, query, candidates);
  const position = parsed.page === undefined ? [] : openCursor(call.world.pageKey, query, parsed.page).position;
  const { items, next } = await mergedPage(call, query, candidates, position);
  const patient = candidates.terms
    .flat()
    .find((term) => term.startsWith('patient/'))
    ?.slice('patient/'.length);
  const entities = items.map(({ id }) => ({ type: 'AuditEvent', id, version: 1, patient: patient ?? null }));
  await recordAccess(call, { interaction: 'search-type', entities, query: queryText(searchPairs(call.request)) });
  return searchAnswer(call, parsed, {
    matches: items,
    included: [],
    total: query.total === 'none' ? undefined : await totalOf(call, query, candidates),
    links: searchLinks(call, parsed, query, { next }),
  });
}

function requireNewestFirst({ sort }: Query): void {
  const [first, ...others] = sort;
  if (
    first === undefined ||
    (others.length === 0 && first.descending && (first.param === 'date' || first.param === '_lastUpdated'))
  )
    return;
  throw new Problem('not-supported', 'AuditEvents are sorted newest first (-date) alone', { expression: ['_sort'] });
}

/** What a record tells of is in the record: nothing is included beside it, and the log has no plan. */
function requireNoLinks({ includes, revincludes, explain }: ParsedSearch): void {
  const asked = [
    ...(includes.length > 0 ? ['_include'] : []),
    ...(revincludes.length > 0 ? ['_revinclude'] : []),
    ...(explain ? ['__explain'] : []),
  ];
  const [first] = asked;
  if (first === undefined) return;
  throw new Problem('not-supported', `search parameter '${first}' is not answered with AuditEvents`, {
    expression: asked,
  });
}

async function mergedPage(call: Call, query: Query, candidates: AuditCandidates, [before = null, ...stored]: Position) {
  const { world } = call;
  const { count } = query;
  const scan =
    before === END
      ? { events: [] }
      : await scanAudit(call, query.where, candidates, typeof before === 'string' ? before : undefined, count + 1);
  const done = stored[0] === END;
  const cursor = stored.length > 0 && !done ? { cursor: { direction: 'next' as const, position: stored } } : {};
  const page = done ? { matches: [] } : await world.store.search({ ...query, total: 'none', ...cursor });
  const merged = [...scan.events.map(rendered), ...page.matches.map(storedItem)].sort((a, b) => b.at - a.at);
  // A scan that stopped early may still hold events newer than the store's oldest: those wait for the next page.
  const horizon =
    scan.after !== undefined && scan.events.length <= count ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const items = (horizon > 0 ? merged.filter(({ record }) => record !== undefined) : merged).slice(0, count);
  const records = items.filter(({ record }) => record !== undefined);
  const used = items.length - records.length;
  const recordNext = records.length < scan.events.length ? (records.at(-1)?.record ?? before) : (scan.after ?? END);
  const storeNext = await storePosition(call, query, stored, page, used);
  const ended = recordNext === END && storeNext[0] === END;
  return { items, next: ended ? undefined : [recordNext, ...storeNext] };
}

/** Where the store's stream goes on after `used` of its page's matches. */
async function storePosition(
  call: Call,
  query: Query,
  from: Position,
  page: { readonly matches: readonly StoredVersion[]; readonly next?: Position },
  used: number,
): Promise<Position> {
  if (page.matches.length === 0) return [END];
  if (used === page.matches.length) return page.next ?? [END];
  if (used === 0) return from;
  const cursor = from.length > 0 ? { cursor: { direction: 'next' as const, position: from } } : {};
  const shorter = await call.world.store.search({ ...query, count: used, total: 'none', ...cursor });
  return shorter.next ?? [END];
}

interface Item {
  readonly type: string;
  readonly id: string;
  readonly body: Buffer;
  readonly at: number;
  /** Id of the record it was rendered from. */
  readonly record?: string;
}
const rendered = ({ record, resource }: RenderedEvent): Item => ({
  type: 'AuditEvent',
  id: resource.id,
  body: Buffer.from(writeJson(resource)),
  at: record.at,
  record: record.id,
});
const storedItem = ({ type, id, body, lastUpdated }: StoredVersion): Item => ({ type, id, body, at: lastUpdated });

/** Throws Problem `too-costly` where the log cannot be counted within bounds. */
async function totalOf(call: Call, query: Query, candidates: AuditCandidates): Promise<number> {
  const { events, after } = await scanAudit(call, query.where, candidates, undefined, Number.POSITIVE_INFINITY);
  if (after !== undefined) {
    throw new Problem(
      'too-costly',
      'Too many audit records to count; narrow the search by patient, agent, entity or date',
    );
  }
  return events.length + (await call.world.store.count(query.types, query.where));
}

/** `_summary=count`. */
async function counted(call: Call, parsed: ParsedSearch, query: Query, candidates: AuditCandidates): Promise<Answer> {
  const total = await totalOf(call, query, candidates);
  await recordAccess(call, { interaction: 'search-type', entities: [], query: queryText(searchPairs(call.request)) });
  return searchAnswer(call, parsed, { matches: [], included: [], total, links: searchLinks(call, parsed, query, {}) });
}
