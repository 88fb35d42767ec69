import { Problem } from '../fhir/problem.ts';
import type { Predicate } from '../search/query.ts';
import type { HistoryQuery, StoredVersion } from '../store/store.ts';
import type { Answer } from './answer.ts';
import { recordAccess } from './audit-record.ts';
import { bundlePieces, type EntryPieces, type Link } from './bundle-pieces.ts';
import type { Call, RouteParams, World } from './context.ts';
import { etag } from './etag.ts';
import { type HistoryRequest, historyRequest } from './history-request.ts';
import { listedVersions } from './listed-versions.ts';
import { openPage, sealPage } from './page-token.ts';
import { permitted } from './permission.ts';
import { instantText } from '../fhir/period.ts';
import { queryText } from './request.ts';
import { versionSatisfies } from './satisfied.ts';
import { type Subset, subset, subsetOf } from './subset.ts';

/** What a caller may see of a type's versions; undefined: nothing. */
type Scope = (type: string) => Predicate | undefined;

/** `GET [type]/[id]/_history` (http.html#history). */
export async function historyOfInstance(call: Call, { type, id }: RouteParams): Promise<Answer> {
  const where = permitted(call.caller, 'r', type);
  const answer = await historyPage(call, 'history-instance', { type, id }, () => where, where.kind === 'all');
  if (answer === undefined) throw new Problem('not-found', `${type}/${id} is not known here`);
  return answer;
}

/** `GET [type]/_history`. */
export async function historyOfType(call: Call, { type }: RouteParams): Promise<Answer> {
  const where = permitted(call.caller, 's', type);
  const answer = await historyPage(call, 'history-type', { type }, () => where);
  if (answer === undefined) throw new Problem('unexpected', 'The history of a type is never absent');
  return answer;
}

/** `GET _history`: of the types that the caller may search. */
export async function historyOfSystem(call: Call): Promise<Answer> {
  const scopes = new Map<string, Predicate>();
  for (const type of call.world.registry.resourceTypes) {
    const decision = call.caller.permit.decide('s', type);
    if (decision.allowed) scopes.set(type, decision.where);
  }
  if (scopes.size === 0) throw new Problem('forbidden', "The token's scopes permit the history of no type");
  const answer = await historyPage(call, 'history-system', {}, (type) => scopes.get(type));
  if (answer === undefined) throw new Problem('unexpected', 'The history of the system is never absent');
  return answer;
}

const ROUNDS = 20;

async function historyPage(
  call: Call,
  interaction: string,
  target: { readonly type?: string; readonly id?: string },
  scope: Scope,
  unlimited = false,
): Promise<Answer | undefined> {
  const asked = historyRequest(call);
  const { registry } = call.world;
  const wanted = subsetOf(registry, call.request, target.type === undefined ? registry.resourceTypes : [target.type]);
  const query: HistoryQuery = {
    ...target,
    ...asked.query,
    ...(asked.page && { after: openPage(call.world, asked.page) }),
  };
  const listed = asked.list === undefined ? undefined : await listedVersions(call, asked.list);
  const { versions, next, hidden } = await permittedVersions(call, query, scope, listed);
  if (versions.length === 0 && target.id !== undefined && asked.unbounded) return undefined;
  await recordAccess(call, { interaction, entities: versions, query: queryText(call.request.query) });
  const whole = query.after === undefined && next === undefined && !hidden;
  const total = whole
    ? versions.length
    : unlimited && listed === undefined
      ? await versionsOf(call, target, query)
      : undefined;
  return {
    status: 200,
    headers: {},
    body: bundlePieces(
      {
        type: 'history',
        base: call.world.base,
        id: call.world.newId(),
        at: call.world.now(),
        total,
        links: linksOf(call, asked, next),
      },
      versions.map((version) => entryOf(call.world, version, wanted)),
    ),
  };
}

/** Versions are counted from 1 on, deletions too, so the newest number is how many there are; undefined where only some are asked for. */
async function versionsOf(
  call: Call,
  { type, id }: { readonly type?: string; readonly id?: string },
  { since, at }: HistoryQuery,
): Promise<number | undefined> {
  if (type === undefined || id === undefined || since !== undefined || at !== undefined) return undefined;
  return (await call.world.store.read({ type, id }))?.version;
}

/** Fetches until the page is full: versions the caller may not see are passed over, and then no total is told. */
async function permittedVersions(
  call: Call,
  query: HistoryQuery,
  scope: Scope,
  listed: (version: StoredVersion) => boolean = () => true,
) {
  const versions: StoredVersion[] = [];
  let after = query.after;
  let hidden = false;
  for (let round = 0; round < ROUNDS; round++) {
    const page = await call.world.store.history({
      ...query,
      count: query.count - versions.length,
      ...(after && { after }),
    });
    for (const version of page.versions) {
      const where = scope(version.type);
      const isSeen = where !== undefined && versionSatisfies(call.world, where, version);
      if (isSeen && listed(version)) versions.push(version);
      else hidden ||= !isSeen;
    }
    after = page.next;
    if (after === undefined || versions.length >= query.count) {
      return { versions, next: after, hidden };
    }
  }
  return { versions, next: after, hidden };
}

function linksOf(call: Call, asked: HistoryRequest, next: string | undefined): readonly Link[] {
  const url = `${call.world.base}/${call.request.path.join('/')}`;
  const link = (relation: Link['relation'], pairs: readonly (readonly [string, string])[]): Link => {
    const query = queryText(pairs);
    return { relation, url: query === '' ? url : `${url}?${query}` };
  };
  const page = asked.page === undefined ? [] : [['_page', asked.page] as const];
  const links = [link('self', [...asked.pairs, ...page]), link('first', asked.pairs)];
  if (next !== undefined) links.push(link('next', [...asked.pairs, ['_page', sealPage(call.world, next)]]));
  return links;
}

function entryOf({ base, registry }: World, version: StoredVersion, wanted: Subset | undefined): EntryPieces {
  const { type, id, method, deleted, lastUpdated } = version;
  const created = method === 'POST' || (version.version === 1 && method === 'PUT');
  const request = { method, url: method === 'POST' ? type : `${type}/${id}` };
  const response = {
    status: deleted ? '204 No Content' : created ? '201 Created' : '200 OK',
    location: `${base}/${type}/${id}/_history/${version.version}`,
    etag: etag(version.version),
    lastModified: instantText(lastUpdated),
  };
  return {
    at: version,
    resource: deleted ? undefined : wanted === undefined ? version.body : subset(registry, version.body, wanted),
    members: `"request":${JSON.stringify(request)},"response":${JSON.stringify(response)}`,
  };
}
