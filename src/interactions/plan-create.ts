import { Problem } from '../fhir/problem.ts';
import type { Resource } from '../fhir/resource.ts';
import type { StoredVersion } from '../store/store.ts';
import { clientDraft } from './client-draft.ts';
import type { Plan, Planned } from './commit.ts';
import { matchingOne } from './conditional.ts';
import type { Call } from './context.ts';
import { permitted } from './permission.ts';
import { draftSatisfies } from './satisfied.ts';

/** A create planned: a new resource, or the one that If-None-Exist found. */
export interface CreatePlan extends Plan {
  readonly existing?: StoredVersion;
  readonly change?: Extract<Planned, { kind: 'put' }>;
}

/** Plans `POST [type]` (http.html#create); with criteria, the conditional create (http.html#ccreate). */
export async function planCreate(
  call: Call,
  resource: Resource,
  { id = call.world.newId(), criteria }: { readonly id?: string; readonly criteria?: string | undefined } = {},
): Promise<CreatePlan> {
  const type = resource.resourceType;
  const where = permitted(call.caller, 'c', type);
  const matched = criteria === undefined ? undefined : await matchingOne(call, type, criteria);
  const [existing] = matched?.versions ?? [];
  if (existing !== undefined) return { existing, changes: [] };
  const drafted = clientDraft(call, resource, id);
  if (!draftSatisfies(call.world, where, drafted.draft)) {
    throw new Problem('forbidden', `The token's scopes do not permit creating this ${type}`);
  }
  const change = { kind: 'put', method: 'POST', drafted, expect: { kind: 'absent' } } as const;
  return { change, changes: [change], ...(matched && { guards: [matched.guard] }) };
}
