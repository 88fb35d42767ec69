import { withinTime } from '../fhir/fhirpath/time-limit.ts';
import { parseJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isResource } from '../fhir/resource.ts';
import type { ResourceKey } from '../fhir/ids.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Answer } from './answer.ts';
import { clientDraft } from './client-draft.ts';
import { commitPlan, type Plan, type Planned } from './commit.ts';
import { matchingOne } from './conditional.ts';
import type { Call, RouteParams } from './context.ts';
import { type IfMatch, ifMatch } from './etag.ts';
import { checkExtent } from './patch-extent.ts';
import { type Patching, patchOf } from './patch-formats.ts';
import { mayChange, requirePermitted } from './plan-update.ts';
import { draftSatisfies } from './satisfied.ts';
import { criteriaText } from './update.ts';
import { readable } from './visible.ts';
import { shownOf, writtenAnswer } from './written-answer.ts';

/** A patch of a thousand operations on a large resource takes a fifth of it. */
const PATCH_MS = 500;

/** `PATCH [type]/[id]` (http.html#patch) with JSON Patch, XML Patch or FHIRPath Patch. */
export async function patch(call: Call, key: RouteParams): Promise<Answer> {
  const patching = patchOf(call.world.registry, call.request);
  const version = ifMatch(call.request.headers('if-match'));
  return patched(call, key.type, async () => {
    const change = await planPatch(call, key, patching, version);
    return { change, changes: [change] };
  });
}

/** `PATCH [type]?criteria`: exactly one resource must match. */
export async function patchMatching(call: Call, { type }: RouteParams): Promise<Answer> {
  const patching = patchOf(call.world.registry, call.request);
  const criteria = criteriaText(call);
  const version = ifMatch(call.request.headers('if-match'));
  return patched(call, type, () => planConditionalPatch(call, type, criteria, patching, version));
}

async function planConditionalPatch(
  call: Call,
  type: string,
  criteria: string,
  patching: Patching,
  version: IfMatch | undefined,
): Promise<PatchPlan> {
  const { versions, guard } = await matchingOne(call, type, criteria);
  const [match] = versions;
  if (match === undefined) throw new Problem('not-found', `No ${type} matches '${criteria}'`);
  const change = await planPatch(call, match, patching, version);
  return { change, changes: [change], guards: [guard] };
}

interface PatchPlan extends Plan {
  readonly change: Extract<Planned, { kind: 'put' }>;
}

/** Plans a patch: read, change, validate; the version that was read must be current at commit time. */
export async function planPatch(
  call: Call,
  key: ResourceKey,
  patching: Patching,
  asked?: IfMatch,
): Promise<Extract<Planned, { kind: 'put' }>> {
  const current = await readable(call, { type: key.type, id: key.id }, 'u');
  // A patch is of the version that was read, so one is there whatever becomes of it.
  const version = asked === 'present' ? undefined : asked;
  const { again } = await mayChange(call, current, version);
  const resource = patchedResource(current, patching, call.world.limits.bodyBytes);
  const drafted = clientDraft(call, resource, current.id);
  requirePermitted(call, drafted);
  const expect = { kind: 'version', version: version ?? current.version } as const;
  return { kind: 'put', method: 'PATCH', drafted, expect, again: again || version === undefined };
}

function patchedResource(current: StoredVersion, patching: Patching, bodyBytes: number) {
  const document = parseJson(current.body);
  const resource = withinTime(PATCH_MS, 'The patch', () => patching(document));
  if (!isResource(resource)) throw new Problem('invalid', 'The patch leaves something that is no resource');
  if (resource.resourceType !== current.type || resource.id !== current.id) {
    throw new Problem('invalid', `The patch must leave ${current.type}/${current.id} its type and id`);
  }
  checkExtent(resource, bodyBytes);
  return resource;
}

async function patched(call: Call, type: string, plan: () => Promise<PatchPlan>): Promise<Answer> {
  const shown = shownOf(call, type);
  const { plan: done, result } = await commitPlan(call, plan);
  const [first] = result.kind === 'committed' ? result.written : [];
  if (first === undefined) throw new Problem('unexpected', 'The store answered a patch without a version');
  const { draft } = done.change.drafted;
  // The right to change is not the right to see: without reading rights the representation stays unseen.
  const mayRead = call.caller.permit.decide('r', draft.type);
  const isSeen = mayRead.allowed && draftSatisfies(call.world, mayRead.where, draft);
  return writtenAnswer(call.world, draft, first, isSeen ? shown : { return: 'minimal' });
}
