import { writeJson } from '../fhir/json.ts';
import { type Issue, operationOutcome } from '../fhir/problem.ts';
import { sealCursor } from '../search/page-cursor.ts';
import type { ParsedSearch } from '../search/parse.ts';
import type { Query } from '../search/query.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Answer } from './answer.ts';
import { bundlePieces, type EntryPieces, type Link } from './bundle-pieces.ts';
import type { Call } from './context.ts';
import { queryText } from './request.ts';
import type { ScopedPage } from './search-scope.ts';
import { type Subset, subset } from './subset.ts';

/** What a search found, before it is a Bundle. */
export interface Found {
  readonly matches: readonly Pick<StoredVersion, 'type' | 'id' | 'body'>[];
  readonly included: readonly Pick<StoredVersion, 'type' | 'id' | 'body'>[];
  readonly total?: number | undefined;
  readonly links: readonly Link[];
  /** Includes that did not all fit. */
  readonly truncated?: boolean;
}

/** The searchset (bundle.html#searchset): stored text spliced in, unless only a part of it is asked for. */
export function searchAnswer(
  call: Call,
  parsed: ParsedSearch,
  { matches, included, total, links, truncated }: Found,
): Answer {
  const asked = subsetWanted(parsed);
  const entry = (mode: 'match' | 'include') => {
    // "The list of elements does not apply to included resources" (search.html#elements).
    const wanted = mode === 'include' && asked?.kind === 'elements' ? undefined : asked;
    const members = `"search":{"mode":"${mode}"}`;
    return (at: Pick<StoredVersion, 'type' | 'id' | 'body'>): EntryPieces => ({
      at,
      resource: wanted === undefined ? at.body : subset(call.world.registry, at.body, wanted),
      members,
    });
  };
  const warnings = [...parsed.ignored, ...(truncated ? [tooMany(call.world.limits.maxPageSize)] : [])];
  const entries = [...matches.map(entry('match')), ...included.map(entry('include')), ...outcomeEntry(warnings)];
  const { base, newId, now } = call.world;
  const head = { type: 'searchset', base, id: newId(), at: now(), total, links } as const;
  return { status: 200, headers: {}, body: bundlePieces(head, entries) };
}

const tooMany = (limit: number): Issue => ({
  severity: 'warning',
  code: 'too-costly',
  diagnostics: `More than ${limit} resources would be included; some are left out`,
});

const outcomeEntry = (issues: readonly Issue[]): readonly EntryPieces[] =>
  issues.length === 0
    ? []
    : [{ resource: Buffer.from(writeJson(operationOutcome(issues))), members: '"search":{"mode":"outcome"}' }];

function subsetWanted({ summary, elements }: ParsedSearch): Subset | undefined {
  if (elements !== undefined) return { kind: 'elements', names: elements };
  switch (summary) {
    case 'true':
      return { kind: 'summary' };
    case 'text':
    case 'data':
      return { kind: summary };
    case 'count':
    case 'false':
      return undefined;
    default:
      return summary satisfies never;
  }
}

/** self, first, next and previous (http.html#paging); positions are sealed to the query. */
export function searchLinks(
  call: Call,
  parsed: ParsedSearch,
  query: Query,
  { next, previous }: Pick<ScopedPage, 'next' | 'previous'>,
): readonly Link[] {
  const path = call.request.path.filter((segment) => segment !== '_search').join('/');
  const url = path === '' ? call.world.base : `${call.world.base}/${path}`;
  const self = queryText(parsed.self);
  const link = (relation: Link['relation'], page?: string): Link => {
    const text = page === undefined ? self : `${self}${self === '' ? '' : '&'}_page=${page}`;
    return { relation, url: text === '' ? url : `${url}?${text}` };
  };
  const seal = (direction: 'next' | 'previous', position: readonly (string | number | null)[]) =>
    link(direction, sealCursor(call.world.pageKey, query, { direction, position }));
  const links = [link('self', parsed.page)];
  if (parsed.page !== undefined || next !== undefined) links.push(link('first'));
  if (next !== undefined) links.push(seal('next', next));
  if (previous !== undefined) links.push(seal('previous', previous));
  return links;
}
