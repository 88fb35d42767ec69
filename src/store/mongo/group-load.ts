import type { mongo } from 'mongoose';
import type { MongoContext } from './context.ts';
import type { ResourceDocument } from './documents.ts';
import type { Living } from './living.ts';
import { type PreparedChange, type PreparedCommit, resourceName } from './prepared.ts';
import type { GroupState } from './state.ts';

const WITHOUT_SEARCH = { key: 0, pkey: 0, full: 0, str: 0, dat: 0, num: 0, grp: 0, links: 0, codes: 0 } as const;

/**
 * The resources as they are before the group. With `known`, an id made by the server is taken as new, which its
 * insertion shows, and what this process knows to be live as that, which the head shows (`assumed`): neither is read.
 */
export async function loadGroup(
  context: MongoContext,
  session: mongo.ClientSession,
  group: readonly PreparedCommit[],
  known: Living | undefined,
): Promise<{ state: GroupState; assumed: boolean }> {
  const { resources } = context.native;
  const isNew = (change: PreparedChange): boolean =>
    known !== undefined && change.kind === 'put' && change.method === 'POST' && change.expect.kind === 'absent';
  const changed = new Set(group.flatMap((c) => c.changes.filter((x) => !isNew(x)).map(({ name }) => name)));
  const required = new Set<string>();
  const living = new Set<string>();
  for (const { changes, commit } of group) {
    const own = new Set(changes.map(({ name }) => name));
    for (const name of (commit.requires ?? []).map(resourceName))
      if (known?.has(name) && !changed.has(name)) living.add(name);
      else if (!own.has(name) && !changed.has(name)) required.add(name);
  }
  const assumed = living.size > 0;
  const options = { session, batchSize: 10_000 };
  const found: ResourceDocument[] =
    changed.size === 0
      ? []
      : await resources.find({ _id: { $in: [...changed] } }, { ...options, projection: WITHOUT_SEARCH }).toArray();
  const referred =
    required.size === 0
      ? []
      : await resources.find({ _id: { $in: [...required] } }, { ...options, projection: { live: 1 } }).toArray();
  for (const { _id, live } of referred) if (live) living.add(_id);
  const state: GroupState = {
    current: new Map(found.map((document) => [document._id, { document, fresh: false }])),
    stored: new Map(found.map((document) => [document._id, document.live])),
    living,
    touched: new Set(),
    superseded: [],
    commits: 0,
  };
  return { state, assumed };
}
