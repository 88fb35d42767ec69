import type { Action } from '../access/permit.ts';
import type { ResourceKey } from '../fhir/ids.ts';
import { Problem } from '../fhir/problem.ts';
import { and, type Predicate } from '../search/query.ts';
import type { StoredVersion } from '../store/store.ts';
import { recordAccess } from './audit-record.ts';
import type { Call } from './context.ts';
import { permitted } from './permission.ts';

/** The current version if the caller may see it: undefined where it was never there; hidden and absent look the same. */
export async function visible(call: Call, where: Predicate, key: ResourceKey): Promise<StoredVersion | undefined> {
  if (where.kind === 'all') return call.world.store.read(key);
  const narrowed = and({ kind: 'id', ids: [key.id] }, where);
  const page = await call.world.store.search({ types: [key.type], where: narrowed, sort: [], count: 1, total: 'none' });
  return page.matches[0];
}

/** The current version for reading; throws Problem `not-found` or `deleted`. What is hidden is not found, and the attempt is recorded. */
export async function readable(call: Call, key: ResourceKey, action: Action = 'r'): Promise<StoredVersion> {
  const where = permitted(call.caller, action, key.type);
  const version = await visible(call, where, key);
  if (version === undefined) {
    if (where.kind !== 'all') await recordHidden(call, key);
    throw new Problem('not-found', `${key.type}/${key.id} is not known here`);
  }
  if (version.deleted) throw new Problem('deleted', `${key.type}/${key.id} was deleted`);
  return version;
}

/** Who tried to reach what it may not see is told that there is nothing; the log is told what it was. */
export async function recordHidden(call: Call, key: ResourceKey): Promise<void> {
  const hidden = await call.world.store.read(key);
  if (hidden === undefined) return;
  await recordAccess(call, {
    interaction: ATTEMPTS[call.request.method] ?? 'update',
    entities: [hidden],
    outcome: '4',
    description: 'outside of what the caller may see',
  });
}

const ATTEMPTS: Readonly<Record<string, string>> = { GET: 'read', HEAD: 'read', DELETE: 'delete' };
