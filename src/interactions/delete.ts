import type { ResourceKey } from '../fhir/ids.ts';
import { Problem } from '../fhir/problem.ts';
import type { Predicate } from '../search/query.ts';
import type { Answer } from './answer.ts';
import { isRenderedId } from './audit-event.ts';
import { commitPlan, type Planned } from './commit.ts';
import { matching } from './conditional.ts';
import type { Call, RouteParams } from './context.ts';
import { etag, expected, type IfMatch, ifMatch } from './etag.ts';
import { permitted } from './permission.ts';
import { preferences } from './preferences.ts';
import { criteriaText } from './update.ts';
import { recordHidden, visible } from './visible.ts';
import { informed } from './written-answer.ts';

/** `DELETE [type]/[id]` (http.html#delete): 204, also where there was nothing; a deletion is a version of its own. */
export async function remove(call: Call, { type, id }: RouteParams): Promise<Answer> {
  const version = ifMatch(call.request.headers('if-match'));
  const { result } = await commitPlan(call, async () => {
    const change = await planNamedDelete(call, { type, id }, version);
    return { changes: change === undefined ? [] : [change] };
  });
  const [written] = result.kind === 'committed' ? result.written : [];
  const done =
    written === undefined ? `There is no ${type}/${id} to delete` : `${type}/${id} deleted, version ${written.version}`;
  return deletedAnswer(call, done, written === undefined ? {} : { ETag: etag(written.version) });
}

/** `DELETE [type]?criteria` (http.html#3.1.0.7.1): every match, all of them or none; each at the version that If-Match states. */
export async function removeMatching(call: Call, { type }: RouteParams): Promise<Answer> {
  const criteria = criteriaText(call);
  const version = ifMatch(call.request.headers('if-match'));
  const { plan } = await commitPlan(call, () => planConditionalDelete(call, type, criteria, version));
  return deletedAnswer(call, `${plan.changes.length} of ${type} deleted`);
}

/** "200 OK if the response contains a payload, or 204 No Content with no response payload" (http.html#delete). */
const deletedAnswer = (call: Call, done: string, headers: Answer['headers'] = {}): Answer =>
  preferences(call.request).return === 'OperationOutcome'
    ? { status: 200, headers, body: { kind: 'resource', resource: informed(done) } }
    : { status: 204, headers };

/**
 * As `planDelete`, of what the client names. Throws Problem `not-found` where there is nothing for a caller whose scopes
 * cover a part of the type: success would be said of what is hidden, and must not be said of the rest alone.
 */
export async function planNamedDelete(call: Call, key: ResourceKey, version?: IfMatch): Promise<Planned | undefined> {
  const change = await planDelete(call, key, version);
  if (change === undefined && permitted(call.caller, 'd', key.type).kind !== 'all')
    throw new Problem('not-found', `${key.type}/${key.id} is not known here`);
  return change;
}

/**
 * Undefined where there is nothing to delete: the deletion is idempotent. What the caller may not even read is nothing,
 * or the answer would tell which ids there are.
 */
export async function planDelete(call: Call, key: ResourceKey, version?: IfMatch): Promise<Planned | undefined> {
  if (key.type === 'AuditEvent' && isRenderedId(key.id)) {
    throw new Problem('forbidden', `${key.type}/${key.id} is kept by the server and cannot be deleted`);
  }
  const where = permitted(call.caller, 'd', key.type);
  const current = await call.world.store.read(key);
  if (current === undefined || current.deleted || (await isHidden(call, where, key))) {
    if (version === undefined) return undefined;
    throw new Problem('version-mismatch', `${key.type}/${key.id} has no current version that If-Match could match`);
  }
  // What was checked must be what is deleted, where the scopes cover only part of the type.
  const checked = where.kind === 'all' ? undefined : current.version;
  const asked = version === 'present' ? (checked ?? version) : (version ?? checked);
  return {
    kind: 'delete',
    key,
    patient: current.patient,
    expect: asked === undefined ? { kind: 'any' } : expected(asked),
    again: version === undefined || (version === 'present' && checked !== undefined),
  };
}

/** Throws Problem `forbidden` where the caller may read it and yet not delete it. */
async function isHidden(call: Call, where: Predicate, key: ResourceKey): Promise<boolean> {
  if (where.kind === 'all' || (await visible(call, where, key)) !== undefined) return false;
  const read = call.caller.permit.decide('r', key.type);
  if (read.allowed && (await visible(call, read.where, key)) !== undefined)
    throw new Problem('forbidden', `The token's scopes do not permit deleting ${key.type}/${key.id}`);
  await recordHidden(call, key);
  return true;
}

/** Plans the deletion of all that match. Throws Problem `too-costly` above the limit that also holds for Bundles. */
async function planConditionalDelete(call: Call, type: string, criteria: string, version: IfMatch | undefined) {
  const limit = call.world.limits.bundleEntries;
  const { versions, guard } = await matching(call, type, criteria, limit);
  if (versions.length > limit) {
    throw new Problem(
      'too-costly',
      `More than ${limit} ${type} resources match; a conditional delete takes ${limit} at most`,
    );
  }
  if (versions.length === 0 && version !== undefined) throw nothingToMatch(type, criteria);
  const changes = await Promise.all(versions.map(({ id }) => planDelete(call, { type, id }, version)));
  return { changes: changes.filter((change) => change !== undefined), guards: [guard] };
}

/** An If-Match needs a version to hold of (RFC 9110, 13.1.1). */
export const nothingToMatch = (type: string, criteria: string): Problem =>
  new Problem('version-mismatch', `No ${type} matches '${criteria}', so there is no version that If-Match could match`);
