import type { mongo } from 'mongoose';
import type { Guard } from '../store.ts';
import { compileEach } from './compile.ts';
import type { MongoContext } from './context.ts';
import type { ResourceDocument } from './documents.ts';
import type { Filter } from './filter.ts';
import { resolveJoins } from './joins.ts';
import { decidable, matcher, matches } from './matches.ts';
import { choosePath } from './path.ts';
import type { PreparedCommit } from './prepared.ts';
import type { GroupState } from './state.ts';

/** More matches than this are not told one by one in a refusal. */
const MOST_IDS = 100;

/** A guard whose matches in the database are known. */
export interface AskedGuard {
  readonly guard: Guard;
  readonly filter: Filter;
  /** False where it looks at other resources too (chains, `_has`). */
  readonly alone: boolean;
  readonly stored: ReadonlySet<string>;
}

/** The single hashed starting point of a guard, where all of it can be tested on fetched hashes. */
const startOf = (filter: Filter): number | undefined => {
  const start: unknown = Array.isArray(filter.$and) ? filter.$and[0]?.key : undefined;
  return typeof start === 'number' && decidable(filter) ? start : undefined;
};

/** Asks all guards of a group inside its transaction; guards by identifier in one query for all. */
export async function askGuards(
  context: MongoContext,
  session: mongo.ClientSession,
  group: readonly PreparedCommit[],
): Promise<Map<Guard, AskedGuard>> {
  const asked = new Map<Guard, AskedGuard>();
  const together: { guard: Guard; filter: Filter; start: number }[] = [];
  const resources = context.native.resources;
  const one = async (guard: Guard, filter: Filter, alone: boolean): Promise<void> => {
    const found = await resources.find(filter, { session, projection: { _id: 1 }, limit: MOST_IDS }).toArray();
    asked.set(guard, { guard, filter, alone, stored: new Set(found.map((f) => f._id)) });
  };
  for (const guard of group.flatMap((c) => c.commit.guards ?? [])) {
    const where = await resolveJoins(context, guard.where, session, guard.type);
    const { filter } = choosePath(context.hash, guard.type, compileEach(context.hash, guard.type, where));
    const start = where === guard.where ? startOf(filter) : undefined;
    if (start === undefined) await one(guard, filter, where === guard.where);
    else together.push({ guard, filter, start });
  }
  if (together.length === 0) return asked;
  const limit = together.length * 4 + MOST_IDS;
  const starts = [...new Set(together.map((t) => t.start))];
  const found: ResourceDocument[] = await resources
    .find(
      { key: { $in: starts } },
      { session, limit, projection: { body: 0, str: 0, dat: 0, num: 0, grp: 0, links: 0, codes: 0 } },
    )
    .toArray();
  for (const { guard, filter } of together) {
    if (found.length === limit) await one(guard, filter, true);
    else {
      const stored = new Set(found.filter(matcher(filter)).map((f) => f._id));
      asked.set(guard, { guard, filter, alone: true, stored });
    }
  }
  return asked;
}

/**
 * The ids that the guard matches now, changes of earlier commits of the group included; undefined where those
 * changes make it a question for the database.
 */
export function guardedIds(asked: AskedGuard, state: GroupState): string[] | undefined {
  const ids = new Set(asked.stored);
  if (state.touched.size > 0 && !asked.alone) return undefined;
  for (const name of state.touched) {
    if (!name.startsWith(`${asked.guard.type}/`)) continue;
    const document = state.current.get(name)?.document;
    const match = document?.live ? matches(asked.filter, document) : false;
    if (match === undefined) return undefined;
    if (match) ids.add(name);
    else ids.delete(name);
  }
  return [...ids].map((name) => name.slice(asked.guard.type.length + 1));
}
