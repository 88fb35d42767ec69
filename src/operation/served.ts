import { Problem } from '../fhir/problem.ts';
import type { JsonObject } from '../fhir/resource.ts';
import { type AuditedEntity, recordAccess } from '../interactions/audit-record.ts';
import type { Call, ServedOperation } from '../interactions/context.ts';
import { refuseSubset } from '../interactions/plain-parameters.ts';
import { preferences } from '../interactions/preferences.ts';
import { readable } from '../interactions/visible.ts';
import { parseInput } from './input.ts';
import type { Operation, OperationDefinition, OperationParameter, OperationTarget } from './operation.ts';

/** An operation as the dispatcher serves it: routes, access and input follow from its definition. */
export function served({ definition, input: ownInput, cutsDown = false, handle }: Operation): ServedOperation {
  const { code, affectsState, resource, system, type, instance } = definition;
  return {
    code,
    definition: definitionResource(definition),
    affectsState,
    ...(resource !== undefined && !resource.includes('Resource') && { types: resource }),
    levels: { system, type, instance },
    async invoke(call, place) {
      if (!cutsDown) refuseSubset(call.request, `$${code}`);
      const target = targetOf(place);
      const named = await requireAccess(call, target);
      const { validate } = call.world;
      const input = ownInput?.(call.request) ?? parseInput(definition, call.request, affectsState, validate);
      const answer = await handle({ ...call, target, input, preferences: preferences(call.request) });
      await recordAccess(call, {
        interaction: 'operation',
        entities: named,
        description: `$${code}`,
      });
      return answer;
    },
  };
}

/**
 * Nothing is open by default: who calls an operation on a resource must be able to read it, on a type, to do something
 * with it. What the operation reads and writes beyond that it must ask the permit for itself. Gives what it was called on.
 */
async function requireAccess(call: Call, target: OperationTarget): Promise<readonly AuditedEntity[]> {
  if (target.level === 'instance') {
    const { patient } = await readable(call, target.key);
    return [{ ...target.key, patient }];
  }
  const types = target.level === 'type' ? [target.type] : call.world.registry.resourceTypes;
  if (types.some((type) => ACTIONS.some((action) => call.caller.permit.decide(action, type).allowed))) return [];
  throw new Problem(
    'forbidden',
    `The token's scopes permit nothing with ${target.level === 'type' ? target.type : 'any type'}`,
  );
}

const ACTIONS = ['r', 's', 'c', 'u', 'd'] as const;

function targetOf({ type, id }: { readonly type?: string; readonly id?: string }): OperationTarget {
  if (type === undefined) return { level: 'system' };
  return id === undefined ? { level: 'type', type } : { level: 'instance', key: { type, id } };
}

/** The definition as a resource with its url; what operations/ declares is complete otherwise. */
function definitionResource(
  definition: OperationDefinition,
): JsonObject & { resourceType: string; id: string; url: string } {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(definition.code)) {
    throw new Problem('unexpected', `'${definition.code}' is no code of an operation`);
  }
  return { ...definition, parameter: definition.parameter.map(parameterElement) };
}

const parameterElement = ({ part, ...parameter }: OperationParameter): JsonObject => ({
  ...parameter,
  ...(part && { part: part.map(parameterElement) }),
});
