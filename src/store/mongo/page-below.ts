import type { mongo } from 'mongoose';
import type { StoredVersion } from '../store.ts';
import type { Candidate, CandidateQuery } from './candidates.ts';
import { FIELDS_PROJECTION, type ReadVersion, storedVersion } from './bodies.ts';
import { MAJORITY } from './concerns.ts';
import type { MongoContext } from './context.ts';
import { matcher, testable } from './matches.ts';
import type { KnownFields } from './opened-versions.ts';
import type { Path } from './path.ts';
import { dateField, type IndexOrder, type Position, positionOf, type Stretch } from './sort-plan.ts';

/** A match with its place in the order. */
export interface Found {
  readonly version: StoredVersion;
  readonly position: Position;
}

interface Known {
  readonly version: StoredVersion;
  readonly fields: KnownFields;
}

/** The index that a path and an order agree on, where there is no better choice; otherwise the database chooses. */
export function hintFor(start: Path['start'], order: IndexOrder): string | undefined {
  if (order.kind === 'id') return '_id_';
  if (start !== 'patient') return undefined;
  return order.kind !== 'date' ? 'patient_newest' : order.descending ? 'patient_falling' : 'patient_rising';
}

/**
 * How the index alone tells the candidates; undefined where it cannot without the documents, or where there is
 * something to test that is not remembered of a version. Only live resources have starting points.
 */
export function candidateQuery(
  { below, dated }: Path,
  order: IndexOrder,
  { filter, sort }: Stretch,
  limit: number,
): CandidateQuery | undefined {
  const hint = hintFor('patient', order);
  // What is missing cannot be told from null, and an order by recency has no dates, without the documents.
  const covered = order.kind === 'date' ? !missing(filter) : order.kind === 'recent' && !dated;
  if (!below || !covered || !hint || !below.rest.every(testable)) return undefined;
  const entry = below.entry(order.kind === 'date' ? dateField(order) : undefined);
  const whole = Object.keys(filter).length === 0 ? entry : { $and: [entry, filter] };
  const dates = order.kind === 'date' ? ({ date: 1, dateEnd: 1 } as const) : {};
  return { filter: whole, sort, projection: { _id: 0, seq: 1, indexed: 1, ...dates }, hint, limit };
}

const missing = (filter: Stretch['filter']): boolean =>
  Object.values(filter).some((condition) => typeof condition === 'object' && '$exists' in condition);

/**
 * The first `limit` matches of a stretch of a patient's path, read from the index and from what is remembered;
 * undefined where that cannot be.
 */
export async function pageBelow(
  context: MongoContext,
  path: Path,
  order: IndexOrder,
  stretch: Stretch,
  limit: number,
  session: mongo.ClientSession,
): Promise<Found[] | undefined> {
  const query = candidateQuery(path, order, stretch, limit);
  if (!query || !path.below) return undefined;
  const { rest } = path.below;
  const candidates = await context.candidates.ask(query);
  const known = await knownOf(context, candidates, session);
  if (!known) return undefined;
  const tests = rest.map(matcher);
  const found: Found[] = [];
  for (const [n, { seq, date, dateEnd }] of candidates.entries()) {
    const its = known[n];
    if (!its) continue;
    const { full, dat } = its.fields;
    if (!tests.every((test) => test({ full, key: full, dat }) === true)) continue;
    const { version } = its;
    const row = {
      _id: `${version.type}/${version.id}`,
      seq,
      at: version.lastUpdated,
      ...(typeof date === 'number' && { date }),
      ...(typeof dateEnd === 'number' && { dateEnd }),
    };
    found.push({ version, position: positionOf(order, row) });
  }
  // Where the rest takes more than a few away, the database finds the next page sooner.
  return found.length === candidates.length || candidates.length < limit ? found : undefined;
}

/** Versions and fields of the candidates, from memory or else read; undefined where one was superseded meanwhile. */
async function knownOf(
  context: MongoContext,
  candidates: readonly Candidate[],
  session: mongo.ClientSession,
): Promise<Known[] | undefined> {
  const remembered = ({ seq, indexed }: Candidate): Known | undefined => {
    const opened = context.opened.get(seq);
    return opened?.fields && (opened.fields.indexed ?? null) === (indexed ?? null)
      ? { version: opened.version, fields: opened.fields }
      : undefined;
  };
  const known = candidates.map(remembered);
  const unknown = candidates.filter((_, n) => !known[n]);
  if (unknown.length > 0) {
    const rows = await context.native.resources
      .find<ReadVersion & KnownFields>(
        { seq: { $in: unknown.map((c) => c.seq) } },
        { session, projection: FIELDS_PROJECTION, hint: 'feed', ...MAJORITY },
      )
      .toArray();
    const read = new Map(
      await Promise.all(
        rows.map(async (row): Promise<[number, Known]> => {
          const { indexed, full, dat } = row;
          return [row.seq, { version: await storedVersion(context, row), fields: { indexed, full, dat } }];
        }),
      ),
    );
    for (const [n, candidate] of candidates.entries()) {
      const its = known[n] ?? read.get(candidate.seq);
      if (!its || (its.fields.indexed ?? null) !== (candidate.indexed ?? null)) return undefined;
      known[n] = its;
    }
  }
  return known.flatMap((k) => k ?? []);
}
