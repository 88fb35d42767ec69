import type { ResourceKey } from '../fhir/ids.ts';
import { parseJson } from '../fhir/json.ts';
import { isResource } from '../fhir/resource.ts';
import { and } from '../search/query.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Planned } from './commit.ts';
import type { Call } from './context.ts';
import { localReferences } from './local-references.ts';
import { missingTarget } from './refusal.ts';
import { recordHidden } from './visible.ts';

/**
 * What a caller may see only a part of is, beyond that part, not there for it: a new reference to it is refused as one
 * to nothing, or writing would tell which ids there are. What a resource referred to before may stay in it. Types that
 * the caller may not read at all are left to the store: an app of a patient names practitioners whom it cannot read.
 */
export async function requireVisibleTargets(
  call: Call,
  changes: readonly Planned[],
  targets: readonly ResourceKey[],
  expressions: ReadonlyMap<string, string>,
): Promise<void> {
  const hidden = await hiddenOf(call, targets);
  if (hidden.length === 0) return;
  const before = await referredToBefore(call, changes);
  const added = hidden.find(({ type, id }) => !before.has(`${type}/${id}`));
  if (added === undefined) return;
  await recordHidden(call, added);
  throw missingTarget(added, expressions);
}

/** Of these, what the caller may see others of its type and not this one, there or not. */
export async function hiddenOf(
  { caller, world }: Call,
  targets: readonly ResourceKey[],
): Promise<readonly ResourceKey[]> {
  const types = new Set(targets.map(({ type }) => type));
  const hidden: ResourceKey[] = [];
  for (const type of types) {
    const decision = caller.permit.decide('r', type);
    if (!decision.allowed || decision.where.kind === 'all') continue;
    const ids = targets.flatMap((target) => (target.type === type ? [target.id] : []));
    const where = and({ kind: 'id', ids }, decision.where);
    const page = await world.store.search({ types: [type], where, sort: [], count: ids.length, total: 'none' });
    const seen = new Set(page.matches.map(({ id }) => id));
    hidden.push(...ids.filter((id) => !seen.has(id)).map((id) => ({ type, id })));
  }
  return hidden;
}

async function referredToBefore({ world }: Call, changes: readonly Planned[]): Promise<ReadonlySet<string>> {
  const keys = changes.flatMap((change) =>
    change.kind === 'put' ? [{ type: change.drafted.draft.type, id: change.drafted.draft.id }] : [],
  );
  const current = await world.store.readMany(keys);
  const references = (version: StoredVersion | undefined): readonly string[] => {
    if (version === undefined || version.deleted) return [];
    const resource = parseJson(version.body);
    return isResource(resource) ? localReferences(resource, world.base).map(({ type, id }) => `${type}/${id}`) : [];
  };
  return new Set(current.flatMap(references));
}
