import { parseJson } from '../../src/fhir/json.ts';
import { type Issue, operationOutcome, Problem } from '../../src/fhir/problem.ts';
import { isObject, isResource, listOf, type Resource } from '../../src/fhir/resource.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import type { Call } from '../../src/interactions/context.ts';
import { permitted } from '../../src/interactions/permission.ts';
import { readable } from '../../src/interactions/visible.ts';
import { operation, type OperationTarget } from '../../src/operation/operation.ts';
import { definition } from './definition.ts';

const MODES = ['create', 'update', 'delete', 'profile'];

/** `$validate` at type and instance level. */
export const validate = operation(definition, async (call): Promise<Answer> => {
  const { resource, mode = 'profile', profile } = call.input;
  if (!MODES.includes(mode))
    throw new Problem('invalid', `mode=${mode} is not one of ${MODES.join(', ')}`, { expression: ['mode'] });
  const subject = await subjectOf(call, call.target, resource, mode);
  const declared = profile === undefined ? subject : withProfile(subject, profile);
  const issues = [
    ...modeIssues(subject, call.target, mode),
    ...(mode === 'delete' ? [] : call.world.validate(declared)),
  ];
  return {
    status: 200,
    headers: {},
    body: { kind: 'resource', resource: operationOutcome(issues.length > 0 ? issues : [FINE]) },
  };
});

const FINE: Issue = { severity: 'information', code: 'informational', diagnostics: 'All OK: no issue was found' };

async function subjectOf(
  call: Call,
  target: OperationTarget,
  resource: Resource | undefined,
  mode: string,
): Promise<Resource> {
  if (target.level === 'system') throw new Problem('not-supported', '$validate is called on a type or on one resource');
  const type = target.level === 'type' ? target.type : target.key.type;
  if (resource === undefined) {
    if (target.level === 'type')
      throw new Problem('invalid', "$validate needs the parameter 'resource'", {
        expression: ['Parameters.parameter'],
      });
    const stored = parseJson((await readable(call, target.key)).body);
    if (isResource(stored)) return stored;
    throw new Problem('unexpected', 'The stored text is no resource');
  }
  // Whoever may do nothing at all with a type has no business here either.
  permitted(call.caller, target.level === 'instance' && mode !== 'create' ? 'r' : firstAllowed(call, type), type);
  if (resource.resourceType !== type) {
    throw new Problem('invalid', `The resource is a ${resource.resourceType}, but the URL says ${type}`, {
      expression: ['resource'],
    });
  }
  return resource;
}

const firstAllowed = (call: Call, type: string) =>
  (['c', 'u', 'r', 's'] as const).find((action) => call.caller.permit.decide(action, type).allowed) ?? 'c';

function withProfile(resource: Resource, profile: string): Resource {
  const meta = isObject(resource['meta']) ? resource['meta'] : {};
  const profiles = listOf(meta['profile']);
  return profiles.includes(profile) ? resource : { ...resource, meta: { ...meta, profile: [...profiles, profile] } };
}

/** What a create or an update asks of the id (http.html#create, http.html#update). */
function modeIssues(resource: Resource, target: OperationTarget, mode: string): readonly Issue[] {
  const expression = [`${resource.resourceType}.id`];
  if (mode === 'update' && target.level === 'instance' && resource.id !== target.key.id) {
    return [
      {
        severity: 'error',
        code: 'invalid',
        diagnostics: `An update of ${target.key.type}/${target.key.id} must have its id`,
        expression,
      },
    ];
  }
  if (mode === 'create' && resource.id !== undefined) {
    return [
      {
        severity: 'information',
        code: 'informational',
        diagnostics: 'A create ignores the id of the resource',
        expression,
      },
    ];
  }
  return [];
}
