import { type Issue, Problem } from '../fhir/problem.ts';
import { isObject, type Json, type JsonObject, listOf, type Resource } from '../fhir/resource.ts';

/** Throws Problem `invalid` with every issue where Parameters are no valid FHIR; resources in them are the operation's business. */
export function requireValid(parameters: JsonObject, validate: (resource: Resource) => readonly Issue[]): void {
  const { parameter, ...rest } = parameters;
  const stated = Array.isArray(parameter) ? parameter.map(hollow) : parameter;
  // Clients without parameters send an empty list; it can mean only one thing.
  const none = stated === undefined || (Array.isArray(stated) && stated.length === 0);
  const issues = validate({ ...rest, ...(!none && { parameter: stated }), resourceType: 'Parameters' });
  const errors = issues.filter(({ severity }) => severity === 'error' || severity === 'fatal');
  const [first] = errors;
  if (first !== undefined) throw new Problem('invalid', first.diagnostics, { issues: errors });
}

/** A valid resource that says nothing, in the place of one that may be anything. */
const SOME = { resourceType: 'Parameters' };

function hollow(parameter: Json): Json {
  if (!isObject(parameter)) return parameter;
  return {
    ...parameter,
    ...(isObject(parameter['resource']) && { resource: SOME }),
    ...(Array.isArray(parameter['part']) && { part: listOf(parameter['part']).map(hollow) }),
  };
}
