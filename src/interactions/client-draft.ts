import { Problem } from '../fhir/problem.ts';
import { isObject, listOf, type Resource } from '../fhir/resource.ts';
import { customParameter, unsearchable } from '../search/custom-parameter.ts';
import { withOwner } from '../subscriptions/owner.ts';
import type { Call } from './context.ts';
import { type Drafted, makeDraft } from './draft.ts';
import { SUBSETTED } from './subset.ts';

/**
 * A client's resource made ready to be stored. A Subscription becomes the caller's, whose scopes bound its notifications,
 * and waits to be activated: only the server moves one to active (subscription.html, status). An active SearchParameter
 * must be one that can be searched by.
 */
export const clientDraft = (call: Call, resource: Resource, id: string): Drafted => {
  refuseSubset(resource);
  if (resource.resourceType === 'SearchParameter') refuseUnsearchable(call, resource, id);
  return makeDraft(
    call.world,
    resource.resourceType === 'Subscription' ? ownedSubscription(call, resource) : resource,
    id,
  );
};

/** The tag is there so that a part "is not accidentally used to overwrite a complete resource" (search.html#summary). */
function refuseSubset({ resourceType, meta }: Resource): void {
  const tags = isObject(meta) ? listOf(meta['tag']).filter(isObject) : [];
  const at = tags.findIndex(({ system, code }) => system === SUBSETTED.system && code === SUBSETTED.code);
  if (at === -1) return;
  throw new Problem(
    'business-rule',
    'What is tagged SUBSETTED is a part of a resource; read the whole and write that',
    {
      expression: [`${resourceType}.meta.tag[${at}]`],
    },
  );
}

/** What will never find anything is refused while its author is there to hear it. */
function refuseUnsearchable({ world }: Call, resource: Resource, id: string): void {
  if (resource['status'] !== 'active' || world.customSearch === undefined) return;
  const read = customParameter(world.registry, resource);
  const taken = world.customSearch.takenOf(id, read);
  const code = String(resource['code']);
  const others = `another search parameter '${code}' is in use for ${taken.join(', ')}; choose another code, or other bases`;
  const issues = taken.length === 0 ? read.issues : [...read.issues, unsearchable('code', others)];
  const [first] = issues;
  if (first !== undefined) throw new Problem('invalid-resource', first.diagnostics, { issues });
}

function ownedSubscription({ caller }: Call, subscription: Resource): Resource {
  const { client, scopes, patient, user } = caller.permit.agent;
  const owned = withOwner(subscription, {
    client_id: client,
    scope: scopes.join(' '),
    ...(patient !== undefined && { patient }),
    ...(user !== undefined && { fhirUser: user }),
  });
  return owned['status'] === 'active' ? { ...owned, status: 'requested' } : owned;
}
