import { isKnownProfile } from '../../src/conformance/validation/profile.ts';
import { parseJson } from '../../src/fhir/json.ts';
import { type Issue, operationOutcome, Problem } from '../../src/fhir/problem.ts';
import { isObject, isResource, listOf, type Resource } from '../../src/fhir/resource.ts';
import type { Answer } from '../../src/interactions/answer.ts';
import type { Call } from '../../src/interactions/context.ts';
import { permitted } from '../../src/interactions/permission.ts';
import { readable } from '../../src/interactions/visible.ts';
import { operation, type OperationTarget } from '../../src/operation/operation.ts';
import { definition } from './definition.ts';
import { MODES, modeIssues } from './modes.ts';

/** `$validate` at type and instance level. */
export const validate = operation(definition, async (call): Promise<Answer> => {
  const { resource, mode = 'profile', profile } = call.input;
  if (!MODES.includes(mode))
    throw new Problem('invalid', `mode=${mode} is not one of ${MODES.join(', ')}`, { expression: ['mode'] });
  const subject = await subjectOf(call, call.target, resource, mode);
  const issues = [
    ...(await modeIssues(call, subject, call.target, mode)),
    ...(mode === 'delete' ? [] : contentIssues(call, subject, profile)),
  ];
  return {
    status: 200,
    headers: {},
    body: { kind: 'resource', resource: operationOutcome(issues.length > 0 ? issues : [FINE]) },
  };
});

const FINE: Issue = { severity: 'information', code: 'informational', diagnostics: 'All OK: no issue was found' };

/** A profile that is asked for and cannot be checked is an error (resource-operation-validate.html), else it is one more that is declared. */
function contentIssues({ world }: Call, subject: Resource, profile: string | undefined): readonly Issue[] {
  if (profile === undefined) return world.validate(subject);
  if (isKnownProfile(world.registry, profile)) return world.validate(withProfile(subject, profile));
  const diagnostics = `profile ${profile} is not known here, so the resource cannot be validated against it`;
  return [
    { severity: 'error', code: 'not-supported', diagnostics, expression: [subject.resourceType] },
    ...world.validate(subject),
  ];
}

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
