import type { mongo } from 'mongoose';
import type { Predicate, Query } from '../../search/query.ts';
import type { SearchPage } from '../store.ts';
import { type ReadVersion, storedVersion, VERSION_PROJECTION } from './bodies.ts';
import { findCandidates } from './candidates.ts';
import { compileEach } from './compile.ts';
import { computedPosition, computedSort } from './computed-sort.ts';
import { MAJORITY } from './concerns.ts';
import type { MongoContext } from './context.ts';
import type { ResourceDocument } from './documents.ts';
import type { Filter } from './filter.ts';
import { resolveJoins, resolveTexts } from './joins.ts';
import { choosePath, type Path } from './path.ts';
import { candidateQuery, type Found, hintFor, pageBelow } from './page-below.ts';
import { type IndexOrder, indexOrder, positionOf, type Stretch, stretches } from './sort-plan.ts';
import { HEAD } from './search-key.ts';

/** Branches of this many types are searched each on its own index path; more are walked by recency. */
const MOST_BRANCHES = 16;

/** How the matches of all types of a query are reached; undefined where there can be none. */
async function paths(
  context: MongoContext,
  types: readonly string[],
  predicate: Predicate,
  session: mongo.ClientSession,
): Promise<Path | undefined> {
  const each: Path[] = [];
  const textless = await resolveTexts(context, predicate, session);
  for (const type of types) {
    const where = await resolveJoins(context, textless, session, type);
    if (where.kind !== 'none') each.push(choosePath(context.hash, type, compileEach(context.hash, type, where)));
  }
  const [first] = each;
  if (!first || each.length === 1) return first;
  if (predicate.kind === 'all' && each.length > MOST_BRANCHES)
    return { filter: { type: { $in: [...types] }, live: true }, start: 'all', dated: false };
  return {
    filter: { $or: each.map((p) => p.filter) },
    start: each.some((p) => p.start !== first.start) ? 'mixed' : first.start,
    dated: each.every((p) => p.dated),
  };
}

function bounded(filter: Filter, order: IndexOrder, types: readonly string[]): Filter {
  const [type] = types;
  // An order by id walks the ids of one type: they begin alike.
  return order.kind === 'id' && types.length === 1
    ? { $and: [filter, { _id: { $gte: `${type}/`, $lt: `${type}0` } }] }
    : filter;
}

async function inIndexOrder(
  context: MongoContext,
  query: Query,
  path: Path,
  order: IndexOrder,
  session: mongo.ClientSession,
): Promise<Found[]> {
  const limit = query.count + 1;
  const found: Found[] = [];
  for (const stretch of stretchesOf(query, path, order)) {
    const least = limit - found.length;
    const known = await pageBelow(context, path, order, stretch, least, session);
    if (known) found.push(...known);
    else {
      const rows: DatedRow[] = await cursor(context, query, path, order, stretch, session).limit(least).toArray();
      const read = async (row: DatedRow) => ({
        version: await storedVersion(context, row),
        position: positionOf(order, row),
      });
      found.push(...(await Promise.all(rows.map(read))));
    }
    if (found.length >= limit) break;
  }
  return found;
}

type DatedRow = ReadVersion & { date?: number; dateEnd?: number };

const stretchesOf = (query: Query, path: Path, order: IndexOrder): Stretch[] =>
  stretches(order, query.cursor, path.start === 'type' || order.kind === 'updated' ? 'at' : 'seq', path.dated);

function cursor(
  context: MongoContext,
  query: Query,
  path: Path,
  order: IndexOrder,
  { filter, sort }: Stretch,
  session: mongo.ClientSession,
): mongo.FindCursor<DatedRow> {
  const hint = hintFor(path.start, order);
  const conditions = Object.keys(filter).length === 0 ? [path.filter] : [path.filter, filter];
  const whole = bounded(conditions.length === 1 ? path.filter : { $and: conditions }, order, query.types);
  const projection = { ...VERSION_PROJECTION, date: 1 as const, dateEnd: 1 as const };
  return context.native.resources.find<DatedRow>(whole, {
    session,
    sort,
    projection,
    ...(hint && { hint }),
    ...MAJORITY,
  });
}

async function inComputedOrder(
  context: MongoContext,
  query: Query,
  path: Path,
  session: mongo.ClientSession,
): Promise<Found[]> {
  const rows = await context.native.resources
    .aggregate<ReadVersion & mongo.Document>(
      [{ $match: path.filter }, ...computedSort(context.hash, query, query.count + 1)],
      { session, ...MAJORITY, allowDiskUse: true },
    )
    .toArray();
  const read = async (row: ReadVersion & mongo.Document) => ({
    version: await storedVersion(context, row),
    position: computedPosition(query.sort, row),
  });
  return Promise.all(rows.map(read));
}

/** One page: n + 1 rows tell whether there is another, and rows at its ends where it begins. */
export async function search(context: MongoContext, query: Query): Promise<SearchPage> {
  return context.reading(async (session) => {
    const total = query.total === 'none' ? undefined : await countWith(context, query.types, query.where, session);
    const told = total === undefined ? {} : { total };
    const path = query.count === 0 ? undefined : await paths(context, query.types, query.where, session);
    if (!path) return { matches: [], ...told };
    const order = indexOrder(query);
    const found = order
      ? await inIndexOrder(context, query, path, order, session)
      : await inComputedOrder(context, query, path, session);
    const backwards = query.cursor?.direction === 'previous';
    const more = found.length > query.count;
    const page = found.slice(0, query.count);
    if (backwards) page.reverse();
    const matches = page.map(({ version }) => version);
    const [first, last] = [page[0], page.at(-1)];
    const next = backwards ? true : more;
    const previous = backwards ? more : query.cursor !== undefined;
    return {
      matches,
      ...told,
      ...(next && last && { next: last.position }),
      ...(previous && first && { previous: first.position }),
    };
  });
}

async function countWith(
  context: MongoContext,
  types: readonly string[],
  where: Predicate,
  session: mongo.ClientSession,
): Promise<number> {
  if (where.kind === 'all') {
    const head = await context.native.heads.findOne({ _id: HEAD }, { session, projection: { live: 1 }, ...MAJORITY });
    return types.reduce((sum, type) => sum + (head?.live[type] ?? 0), 0);
  }
  const path = await paths(context, types, where, session);
  // Both ends of the main date are bounded below a patient; the index of all dates bounds one.
  const hint = path?.start === 'patient' ? { hint: 'patient_rising' } : {};
  return path ? context.native.resources.countDocuments(path.filter, { session, ...hint, ...MAJORITY }) : 0;
}

/** How many current resources match; whole types are counted as they change. */
export const count = (context: MongoContext, types: readonly string[], where: Predicate): Promise<number> =>
  context.reading((session) => countWith(context, types, where, session));

/** The database's plan with what it read. */
export async function explain(context: MongoContext, query: Query): Promise<unknown> {
  return context.reading(async (session) => {
    const path = await paths(context, query.types, query.where, session);
    const order = indexOrder(query);
    if (!path) return { stage: 'EOF' };
    if (!order)
      return context.native.resources
        .aggregate<ResourceDocument>([{ $match: path.filter }, ...computedSort(context.hash, query, query.count + 1)])
        .explain('executionStats');
    const [first] = stretchesOf(query, path, order);
    if (!first) return { stage: 'EOF' };
    const candidates = candidateQuery(path, order, first, query.count + 1);
    const found = candidates
      ? findCandidates(context, candidates, session)
      : cursor(context, query, path, order, first, session).limit(query.count + 1);
    return found.explain('executionStats');
  });
}
