import type { Action } from '../../src/access/permit.ts';
import type { Issue } from '../../src/fhir/problem.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import type { Call } from '../../src/interactions/context.ts';
import { hiddenOf } from '../../src/interactions/hidden-targets.ts';
import { localReferences } from '../../src/interactions/local-references.ts';
import type { OperationTarget } from '../../src/operation/operation.ts';

export const MODES = ['create', 'update', 'delete', 'profile'];

const ACTIONS: Readonly<Record<string, Action>> = { create: 'c', update: 'u', delete: 'd' };

/** What a create, update or delete would ask beyond a valid resource (valueset-resource-validation-mode.html). */
export async function modeIssues(
  call: Call,
  resource: Resource,
  target: OperationTarget,
  mode: string,
): Promise<readonly Issue[]> {
  const action = ACTIONS[mode];
  if (action === undefined) return [];
  const { resourceType } = resource;
  const issues: Issue[] = [];
  if (!call.caller.permit.decide(action, resourceType).allowed)
    issues.push({
      severity: 'error',
      code: 'forbidden',
      diagnostics: `The token's scopes do not permit to ${mode} ${resourceType} resources`,
    });
  if (mode !== 'delete') issues.push(...idIssues(resource, target, mode), ...(await missingTargets(call, resource)));
  return issues;
}

/** What they ask of the id (http.html#create, http.html#update). */
function idIssues(resource: Resource, target: OperationTarget, mode: string): readonly Issue[] {
  const expression = [`${resource.resourceType}.id`];
  if (mode === 'update' && target.level === 'instance' && resource.id !== target.key.id) {
    const diagnostics = `An update of ${target.key.type}/${target.key.id} must have its id`;
    return [{ severity: 'error', code: 'invalid', diagnostics, expression }];
  }
  if (mode === 'create' && resource.id !== undefined) {
    const diagnostics = 'A create ignores the id of the resource';
    return [{ severity: 'information', code: 'informational', diagnostics, expression }];
  }
  return [];
}

/** References to what is not here, or not for the caller; types that it may not read at all are left out, so that no id can be found out. */
async function missingTargets(call: Call, resource: Resource): Promise<readonly Issue[]> {
  const { caller, world } = call;
  if (!world.referentialIntegrity) return [];
  const stated = localReferences(resource, world.base).filter(
    ({ type, id }) =>
      caller.permit.decide('r', type).allowed && !(type === resource.resourceType && id === resource.id),
  );
  const hidden = new Set((await hiddenOf(call, stated)).map(({ type, id }) => `${type}/${id}`));
  const held = await world.store.readMany(stated.map(({ type, id }) => ({ type, id })));
  return stated.flatMap(({ type, id, expression }, at): readonly Issue[] => {
    const target = held[at];
    if (target !== undefined && !target.deleted && !hidden.has(`${type}/${id}`)) return [];
    const diagnostics = `${expression} refers to ${type}/${id}, which is not known here`;
    return [{ severity: 'error', code: 'business-rule', diagnostics, expression: [expression] }];
  });
}
