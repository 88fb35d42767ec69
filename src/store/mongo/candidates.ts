import type { mongo } from 'mongoose';
import { MAJORITY } from './concerns.ts';
import type { MongoContext } from './context.ts';
import type { Filter } from './filter.ts';
import { Gathering } from './gathering.ts';

/** What the index tells of a candidate. */
export interface Candidate {
  readonly seq: number;
  readonly indexed?: string | null;
  readonly date?: number | null;
  readonly dateEnd?: number | null;
}

/** Asks an index alone. */
export interface CandidateQuery {
  readonly filter: Filter;
  readonly sort: Readonly<Record<string, 1 | -1>>;
  readonly projection: Readonly<Record<string, 0 | 1>>;
  readonly hint: string;
  readonly limit: number;
}

/** Queries in one request: enough to share its cost, few enough not to wait for each other. */
const MOST_QUERIES = 16;

/** Asks for the candidates of several queries at once. */
export const gatherCandidates = (context: MongoContext): Gathering<CandidateQuery, readonly Candidate[]> =>
  new Gathering<CandidateQuery, readonly Candidate[]>(MOST_QUERIES, (asked) =>
    context.reading(async (session) => {
      const [first, ...others] = asked;
      if (!first) return [];
      if (others.length === 0) return [await findCandidates(context, first, session).toArray()];
      const stages = [
        ...numbered(first, 0),
        ...others.map((query, n) => ({ $unionWith: { coll: 'resources', pipeline: numbered(query, n + 1) } })),
      ];
      const rows = await context.native.resources
        .aggregate<{ _id: number; found: Candidate[] }>(stages, { session, hint: first.hint, ...MAJORITY })
        .toArray();
      const found = new Map(rows.map((row) => [row._id, row.found]));
      return asked.map((_, n) => found.get(n) ?? []);
    }),
  );

export const findCandidates = (
  context: MongoContext,
  { filter, ...options }: CandidateQuery,
  session: mongo.ClientSession,
): mongo.FindCursor<Candidate> =>
  context.native.resources.find<Candidate>(filter, { session, ...options, ...MAJORITY });

const numbered = ({ filter, sort, limit, projection }: CandidateQuery, n: number): mongo.Document[] => [
  { $match: filter },
  { $sort: sort },
  { $limit: limit },
  { $project: projection },
  { $group: { _id: { $literal: n }, found: { $push: '$$ROOT' } } },
];
