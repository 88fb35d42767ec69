import { Problem } from '../fhir/problem.ts';
import type { Answer } from './answer.ts';
import { recordAccess } from './audit-record.ts';
import type { Call, Caller, World } from './context.ts';
import { refuseUnmodifiedSince } from './etag.ts';
import { invokeOperation } from './invoke-operation.ts';
import { permitted } from './permission.ts';
import { refuseUnknownParameters } from './plain-parameters.ts';
import type { FhirRequest } from './request.ts';
import { matchRoute } from './route-match.ts';
import { ROUTES } from './routes.ts';

/**
 * Answers one FHIR request. Rejects with a Problem; refusals are in the audit log by then. HEAD is answered as GET,
 * body included: the transport leaves it out.
 */
export async function interact(world: World, caller: Caller, request: FhirRequest): Promise<Answer> {
  const call: Call = {
    world,
    caller,
    request,
    routes: ROUTES,
    dispatch: (entry) => interact(world, caller, entry),
  };
  try {
    return await answerOf(call);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'forbidden') await recordRefusal(call, error);
    throw error;
  }
}

async function answerOf(call: Call): Promise<Answer> {
  const { request, world, caller } = call;
  if (request.path.at(-1)?.startsWith('$')) return invokeOperation(call);
  const { route, params } = matchRoute(world.registry, request);
  if (route.action !== undefined) permitted(caller, route.action, params.type);
  if (route.parameters !== undefined) refuseUnknownParameters(request, route.interaction, route.parameters);
  refuseUnmodifiedSince(request);
  return route.handle(call, params);
}

/** Who tried what, and was refused. */
async function recordRefusal(call: Call, problem: Problem): Promise<void> {
  const [type, id] = call.request.path;
  const named = type !== undefined && id !== undefined && call.world.registry.isResourceType(type) && !/^[_$]/.test(id);
  await recordAccess(call, {
    interaction: interactionName(call),
    entities: named ? [{ type, id }] : [],
    outcome: '4',
    description: `${call.request.method} /${call.request.path.join('/')}: ${problem.message}`,
  });
}

function interactionName(call: Call): string {
  if (call.request.path.at(-1)?.startsWith('$')) return 'operation';
  try {
    return matchRoute(call.world.registry, call.request).route.interaction;
  } catch (error) {
    if (error instanceof Problem) return 'operation';
    throw error;
  }
}
