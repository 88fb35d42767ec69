import type { ResourceKey } from '../fhir/ids.ts';
import { and, or, type Predicate } from '../search/query.ts';
import type { StoredVersion } from '../store/store.ts';
import { type Include, type IncludeStep, includeSteps, revincludeSteps } from '../search/include.ts';
import { targetTypes } from '../search/search-scope.ts';
import { hasUrl, linksByCanonical, namedBy, naming } from './canonical-links.ts';
import type { Call } from './context.ts';
import { versionedTargets } from './versioned-includes.ts';

export interface Included {
  readonly versions: readonly StoredVersion[];
  /** True where the bound was reached and something may be missing. */
  readonly truncated: boolean;
}

const ROUNDS = 8;
const keyOf = ({ type, id, version }: StoredVersion): string => `${type}/${id}/${version}`;

/**
 * What the matches refer to and what refers to them. Targets are reads and need the right to read; referring resources
 * are searched for. What the caller may not see is left out. Iterating includes stop when nothing new is found.
 */
export async function included(
  call: Call,
  matches: readonly StoredVersion[],
  includes: readonly Include[],
  revincludes: readonly Include[],
): Promise<Included> {
  if (includes.length === 0 && revincludes.length === 0) return { versions: [], truncated: false };
  const limit = call.world.limits.maxPageSize;
  const seen = new Set(matches.map(keyOf));
  const versions: StoredVersion[] = [];
  let frontier = matches;
  for (let round = 0; round < ROUNDS && frontier.length > 0; round++) {
    const fresh: StoredVersion[] = [];
    for (const version of await neighbours(call, frontier, includes, revincludes, round > 0)) {
      if (version.deleted || seen.has(keyOf(version))) continue;
      if (versions.length + fresh.length >= limit) return { versions: [...versions, ...fresh], truncated: true };
      seen.add(keyOf(version));
      fresh.push(version);
    }
    versions.push(...fresh);
    frontier = fresh;
  }
  return { versions, truncated: frontier.length > 0 && [...includes, ...revincludes].some(({ iterate }) => iterate) };
}

/** What one round of includes finds from the resources of the round before. */
async function neighbours(
  call: Call,
  frontier: readonly StoredVersion[],
  includes: readonly Include[],
  revincludes: readonly Include[],
  again: boolean,
): Promise<readonly StoredVersion[]> {
  const { registry, store } = call.world;
  const keys: ResourceKey[] = [];
  /** By a version or a canonical. */
  const named: StoredVersion[] = [];
  const back: (readonly [IncludeStep, readonly StoredVersion[]])[] = [];
  for (const type of new Set(frontier.map((version) => version.type))) {
    const some = frontier.filter((version) => version.type === type);
    for (const step of includeSteps(registry, includes, type, again)) {
      const targets = await store.targets(some, step.param);
      const { versions, instead } = await versionedTargets(call, some, step);
      keys.push(
        ...targets
          .filter((key) => step.target === undefined || key.type === step.target)
          .filter(({ type: of, id }) => !instead.has(`${of}/${id}`)),
      );
      named.push(...versions);
      if (linksByCanonical(call, type, step.param)) named.push(...(await namedTargets(call, some, step)));
    }
    for (const step of revincludeSteps(registry, revincludes, type, again)) back.push([step, some]);
  }
  const forward = await visibleMany(call, keys);
  const reverse = await Promise.all(back.map(([step, targets]) => referring(call, step, targets)));
  return [...forward, ...named, ...reverse.flat()];
}

/** What the canonicals of one parameter name and the caller may read: of a url without a version, every version stored. */
async function namedTargets(
  call: Call,
  sources: readonly StoredVersion[],
  { source, param, target }: IncludeStep,
): Promise<readonly StoredVersion[]> {
  const { registry, store } = call.world;
  const wanted = namedBy(call, sources, param);
  if (wanted === undefined) return [];
  const definition = registry.searchParameters(source).get(param);
  const targets = target === undefined && definition ? targetTypes(registry, [definition]) : [target ?? ''];
  const versions: StoredVersion[] = [];
  for (const type of targets) {
    const decision = call.caller.permit.decide('r', type);
    if (!hasUrl(call, type) || !decision.allowed) continue;
    const where = and(decision.where, wanted);
    const count = call.world.limits.maxPageSize + 1;
    versions.push(...(await store.search({ types: [type], where, sort: [], count, total: 'none' })).matches);
  }
  return versions;
}

/** Current versions of the keys that the caller may read. */
async function visibleMany(call: Call, keys: readonly ResourceKey[]): Promise<readonly StoredVersion[]> {
  const versions: StoredVersion[] = [];
  for (const type of new Set(keys.map((key) => key.type))) {
    const decision = call.caller.permit.decide('r', type);
    if (!decision.allowed) continue;
    const ids = [...new Set(keys.filter((key) => key.type === type).map(({ id }) => id))];
    if (decision.where.kind === 'all') {
      const found = await call.world.store.readMany(ids.map((id) => ({ type, id })));
      versions.push(...found.filter((version) => version !== undefined));
    } else {
      const where = and({ kind: 'id', ids }, decision.where);
      const page = await call.world.store.search({ types: [type], where, sort: [], count: ids.length, total: 'none' });
      versions.push(...page.matches);
    }
  }
  return versions;
}

/** The resources that refer to some of the targets through one parameter. */
async function referring(
  call: Call,
  { source, param }: IncludeStep,
  targets: readonly StoredVersion[],
): Promise<readonly StoredVersion[]> {
  const decision = call.caller.permit.decide('s', source);
  if (!decision.allowed) return [];
  const links = targets.map(
    ({ type, id }): Predicate => ({ kind: 'reference', param, target: { by: 'local', type, id } }),
  );
  const canonical = linksByCanonical(call, source, param) ? naming(targets, param) : undefined;
  const where = and(decision.where, or(...links, ...(canonical ? [canonical] : [])));
  const count = call.world.limits.maxPageSize + 1;
  return (await call.world.store.search({ types: [source], where, sort: [], count, total: 'none' })).matches;
}
