import { resourceId, type ResourceKey } from '../fhir/ids.ts';
import { Problem } from '../fhir/problem.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Expectation } from '../store/store.ts';
import { isRenderedId } from './audit-event.ts';
import { clientDraft } from './client-draft.ts';
import type { Planned } from './commit.ts';
import type { Call } from './context.ts';
import type { Drafted } from './draft.ts';
import { expected, type IfMatch } from './etag.ts';
import { permitted } from './permission.ts';
import { draftSatisfies } from './satisfied.ts';
import { visible } from './visible.ts';

/** The body must state the id that the URL states (http.html#update). */
export function requireSameId(resource: Resource, id: string): void {
  if (resource.id === id) return;
  const stated = resource.id === undefined ? 'has no id' : `has the id '${resource.id}'`;
  throw new Problem('invalid', `The body ${stated}, but the URL says '${id}'; they must be equal`, {
    expression: [`${resource.resourceType}.id`],
  });
}

/** What the client states of the version to be overwritten. */
export interface Precondition {
  /** Of If-Match. */
  readonly version?: IfMatch | undefined;
  /** If-None-Match: nothing may be there. */
  readonly createOnly?: boolean;
}

/** Plans `PUT [type]/[id]`: an update, or a create under the client's id. */
export async function planUpdate(
  call: Call,
  resource: Resource,
  id: string,
  { version, createOnly = false }: Precondition = {},
): Promise<Extract<Planned, { kind: 'put' }>> {
  const key = { type: resource.resourceType, id };
  if (resourceId(id) === undefined)
    throw new Problem('invalid', `'${id}' is not an id`, { expression: [`${key.type}.id`] });
  const { expect, again } = await mayChange(call, key, version);
  if (createOnly) await requireAbsent(call, key);
  const drafted = clientDraft(call, resource, id);
  requirePermitted(call, drafted);
  return { kind: 'put', method: 'PUT', drafted, ...(createOnly ? CREATES : { expect, again }) };
}

const CREATES = { expect: { kind: 'absent' }, again: true } as const;

async function requireAbsent(call: Call, key: ResourceKey): Promise<void> {
  const current = await call.world.store.read(key);
  if (current === undefined || current.deleted) return;
  throw new Problem(
    'version-mismatch',
    `${key.type}/${key.id} exists already, at version ${current.version}, and If-None-Match: * asks to create only`,
  );
}

/** Throws Problem `forbidden` where the token's scopes would not let the caller write a resource such as this one. */
export function requirePermitted(call: Call, { draft }: Drafted): void {
  if (draftSatisfies(call.world, permitted(call.caller, 'u', draft.type), draft)) return;
  throw new Problem('forbidden', `The token's scopes do not permit writing this ${draft.type}`);
}

/**
 * What must hold of the current version for the caller to overwrite it. Where the scopes cover only part of the type,
 * the version that was checked must still be current at commit time.
 */
export async function mayChange(
  call: Call,
  key: ResourceKey,
  version: IfMatch | undefined,
): Promise<{ readonly expect: Expectation; readonly again: boolean }> {
  if (key.type === 'AuditEvent' && isRenderedId(key.id)) {
    throw new Problem('forbidden', `${key.type}/${key.id} is written by the server alone`);
  }
  const where = permitted(call.caller, 'u', key.type);
  if (where.kind === 'all')
    return { expect: version === undefined ? { kind: 'any' } : expected(version), again: false };
  const current = await call.world.store.read(key);
  if (current !== undefined && !current.deleted && (await visible(call, where, key)) === undefined) {
    throw new Problem('forbidden', `The token's scopes do not permit writing ${key.type}/${key.id}`);
  }
  const isAny = version === 'present' && current !== undefined && !current.deleted;
  if (version !== undefined && !isAny) return { expect: expected(version), again: false };
  if (current === undefined || current.deleted) return { expect: { kind: 'absent' }, again: true };
  return { expect: { kind: 'version', version: current.version }, again: true };
}
