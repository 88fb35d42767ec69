import { writeJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isResource, listOf, type Resource } from '../fhir/resource.ts';
import type { Predicate, Query } from '../search/query.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Call } from './context.ts';
import { storedResource } from './found-pages.ts';
import { resourceSatisfies } from './satisfied.ts';
import type { Scope } from './search-scope.ts';

/** Resources that match as they stand, or containers of which each is still to be judged by what it contains. */
export interface ContainedPart extends Scope {
  readonly containers: boolean;
}
/** What a contained resource must satisfy, and whether it is given alone or by its container. */
export interface Inner {
  readonly type: string;
  readonly where: Predicate;
  readonly alone: boolean;
}
type Match = Pick<StoredVersion, 'type' | 'id' | 'body'>;
type Position = readonly (string | number | null)[];

export interface ContainedPage {
  readonly found: readonly Match[];
  /** The stored resources that they are or are contained in. */
  readonly containers: readonly StoredVersion[];
  readonly next?: Position | undefined;
}

/** Candidates looked at for one page; a page may be shorter than asked, and goes on from there. */
const LOOKED_AT = 1000;
const COUNTED = 10_000;

/** One page over the parts, one after another. A position is [part, matches of its container given already, …place in the store]. */
export async function containedPage(
  call: Call,
  parts: readonly ContainedPart[],
  inner: Inner,
  count: number,
  [start, skip, ...place]: Position,
): Promise<ContainedPage> {
  const found: Match[] = [];
  const containers: StoredVersion[] = [];
  let given = Number(skip ?? 0);
  let from: Position = place;
  let looked = 0;
  for (let at = Number(start ?? 0); at < parts.length; at += 1) {
    const part = parts[at];
    if (part === undefined) break;
    do {
      if (found.length === count || looked >= LOOKED_AT) return { found, containers, next: [at, given, ...from] };
      const page = await candidates(call, part, count, from);
      looked += page.matches.length;
      for (const [index, version] of page.matches.entries()) {
        const matches = matchesOf(call, part, inner, version);
        const fresh = matches.slice(given, given + count - found.length);
        if (fresh.length > 0) containers.push(version);
        found.push(...fresh);
        given += fresh.length;
        if (given < matches.length)
          return { found, containers, next: [at, given, ...(await after(call, part, index, from))] };
        given = 0;
      }
      from = page.next ?? [];
    } while (from.length > 0);
  }
  return { found, containers };
}

/** How many there are. @throws Problem `too-costly` where too many candidates would have to be judged. */
export async function containedCount(call: Call, parts: readonly ContainedPart[], inner: Inner): Promise<number> {
  let total = 0;
  let looked = 0;
  for (const part of parts) {
    if (!part.containers) {
      total += await call.world.store.count(part.types, part.where);
      continue;
    }
    let from: Position = [];
    do {
      const page = await candidates(call, part, call.world.limits.maxPageSize, from);
      looked += page.matches.length;
      if (looked > COUNTED)
        throw new Problem('too-costly', `More than ${COUNTED} resources may contain a match; they are not counted`, {
          expression: ['_total'],
        });
      for (const version of page.matches) total += matchesOf(call, part, inner, version).length;
      from = page.next ?? [];
    } while (from.length > 0);
  }
  return total;
}

function candidates(call: Call, { types, where }: ContainedPart, count: number, from: Position) {
  const cursor = from.length === 0 ? {} : { cursor: { direction: 'next' as const, position: from } };
  const query: Query = { types, where, sort: [], count, total: 'none', ...cursor };
  return call.world.store.search(query);
}

/** The place in the store behind so many candidates; only the ends of pages have one. */
async function after(call: Call, part: ContainedPart, number: number, from: Position): Promise<Position> {
  return number === 0 ? from : ((await candidates(call, part, number, from)).next ?? []);
}

function matchesOf({ world }: Call, part: ContainedPart, inner: Inner, version: StoredVersion): readonly Match[] {
  if (!part.containers) return [version];
  const matching = listOf(storedResource(version)['contained']).filter(
    (one): one is Resource =>
      isResource(one) &&
      one.resourceType === inner.type &&
      // A contained resource has no time of change (dom-4), and nothing is before, after or at none.
      resourceSatisfies(world, inner.where, one, Number.NaN),
  );
  if (!inner.alone) return matching.length === 0 ? [] : [version];
  return matching.map((one) => ({
    type: version.type,
    id: `${version.id}#${one.id}`,
    body: Buffer.from(writeJson(one)),
  }));
}
