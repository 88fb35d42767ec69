import type { Registry } from '../conformance/registry.ts';
import { resourceId } from '../fhir/ids.ts';
import { Problem } from '../fhir/problem.ts';
import { inPatientCompartment } from '../search/compartment.ts';
import { parseCriteria } from '../search/criteria.ts';
import { and, or, type Predicate } from '../search/query.ts';
import type { AccessClaims } from './claims.ts';
import type { Action, Agent, Decision, Permit } from './permit.ts';
import { parseScope, type Scope, scopeList } from './scope.ts';

const VERBS: Readonly<Record<Action, string>> = {
  c: 'create',
  r: 'read',
  u: 'update',
  d: 'delete',
  s: 'search',
};

/** The permit that a verified token gives: the union of its scopes, and nothing beside. Decisions are remembered. */
export function permitFor(claims: AccessClaims, registry: Registry): Permit {
  const scopes = scopeList(claims.scope);
  const granted = scopes.flatMap((scope) => parseScope(scope) ?? []);
  const patient = claims.patient === undefined ? undefined : resourceId(claims.patient);
  const user = claims.fhirUser ?? claims.sub;
  const agent: Agent = {
    client: claims.client_id,
    scopes,
    ...(user !== undefined && user !== claims.client_id && { user }),
    ...(patient !== undefined && { patient }),
    ...(claims.jti !== undefined && { tokenId: claims.jti }),
  };
  const decisions = new Map<string, Decision>();
  return {
    agent,
    decide(action, type) {
      const key = `${action}${type}`;
      const known = decisions.get(key);
      if (known) return known;
      const decision = decideFrom(granted, action, type, patient, registry);
      // Types outside the registry are not remembered: their names come from the request.
      if (registry.isResourceType(type)) decisions.set(key, decision);
      return decision;
    },
  };
}

/** Who comes without a token: nothing is allowed. */
export const ANONYMOUS: Permit = {
  agent: { client: 'anonymous', scopes: [] },
  decide: () => ({ allowed: false, reason: 'A bearer token is required.' }),
};

function decideFrom(
  scopes: readonly Scope[],
  action: Action,
  type: string,
  patient: string | undefined,
  registry: Registry,
): Decision {
  const where = or(
    ...scopes
      .filter((scope) => scope.actions.has(action) && (scope.type === '*' || scope.type === type))
      .map((scope) => and(atLevel(scope, type, patient, registry), asGranular(scope, type, registry))),
  );
  return where.kind === 'none'
    ? { allowed: false, reason: `The scopes of this token do not allow to ${VERBS[action]} ${type}.` }
    : { allowed: true, where };
}

/** `patient/` scopes reach the compartment of the patient in context, and types that no compartment holds not at all. */
function atLevel(scope: Scope, type: string, patient: string | undefined, registry: Registry): Predicate {
  switch (scope.level) {
    case 'patient':
      return patient === undefined ? { kind: 'none' } : inPatientCompartment(registry, type, patient);
    case 'user':
    case 'system':
      return { kind: 'all' };
    default:
      return scope.level satisfies never;
  }
}

/** The predicate of a granular scope; one that the server cannot evaluate grants nothing. */
function asGranular(scope: Scope, type: string, registry: Registry): Predicate {
  if (scope.parameters.length === 0) return { kind: 'all' };
  const known = registry.searchParameters(type);
  if (!scope.parameters.every(([name]) => known.has(name.replace(/[:.].*$/, '')))) return { kind: 'none' };
  try {
    return parseCriteria(registry, [type], scope.parameters);
  } catch (error) {
    if (error instanceof Problem) return { kind: 'none' };
    throw error;
  }
}
