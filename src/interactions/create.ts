import { Problem } from '../fhir/problem.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Answer, AnswerBody } from './answer.ts';
import { recordAccess } from './audit-record.ts';
import type { Call, RouteParams } from './context.ts';
import { bodyResource } from './draft.ts';
import { versionHeaders } from './etag.ts';
import { commitOnce, onceKey } from './once.ts';
import { refuseUnknownParameters } from './plain-parameters.ts';
import { planCreate } from './plan-create.ts';
import { shownBody } from './subset.ts';
import { criteriaText } from './update.ts';
import { type Shown, shownOf, writtenAnswer, writtenOutcome } from './written-answer.ts';

/** `POST [type]` (http.html#create), conditional by If-None-Exist, retried safely with Idempotency-Key. */
export async function create(call: Call, { type }: RouteParams): Promise<Answer> {
  const resource = bodyResource(call.request, type);
  const criteria = criteriaOf(call, type);
  const shown = shownOf(call, type);
  const stated = call.request.headers('idempotency-key');
  const key = stated === undefined ? undefined : onceKey(call, 'create', type, stated);
  const id = call.world.newId();
  const outcome = await commitOnce(call, key, async () => {
    const plan = await planCreate(call, resource, { id, criteria });
    return { ...plan, receiptEntries: plan.change === undefined ? [] : [{ type, id, status: 201 as const }] };
  });
  if (outcome.kind === 'replayed') {
    const [version] = outcome.versions;
    if (version) return existingAnswer(call, version, 201, shown);
  } else if (outcome.plan.existing !== undefined) {
    return existingAnswer(call, outcome.plan.existing, 200, shown);
  } else {
    const [written] = outcome.written;
    const draft = outcome.plan.change?.drafted.draft;
    if (written && draft) return writtenAnswer(call.world, draft, written, shown);
  }
  throw new Problem('unexpected', 'The store answered a create without a version');
}

/**
 * What a conditional create searches for: If-None-Exist (http.html#ccreate), or the query, as fhirpy states it, where
 * all of it is search parameters. Medplum's client names the file of a Binary, which R4 has no element for.
 */
function criteriaOf(call: Call, type: string): string | undefined {
  const { request, world } = call;
  const header = request.headers('if-none-exist');
  const known = world.registry.searchParameters(type);
  const names = [...new URLSearchParams(criteriaText(call)).keys()];
  const isSearch = names.length > 0 && names.every((name) => known.has(name.split(/[:.]/, 1)[0] ?? ''));
  if (header === undefined && isSearch) return criteriaText(call);
  refuseUnknownParameters(request, 'create', type === 'Binary' ? ['_filename'] : []);
  return header;
}

/** What exists already, shown as the answer to a create. */
async function existingAnswer(call: Call, version: StoredVersion, status: 200 | 201, shown: Shown): Promise<Answer> {
  await recordAccess(call, { interaction: 'read', entities: [version] });
  const location = `${call.world.base}/${version.type}/${version.id}/_history/${version.version}`;
  const body = existingBody(call, version, shown);
  return { status, headers: { ...versionHeaders(version), Location: location }, ...(body && { body }) };
}

function existingBody({ world }: Call, version: StoredVersion, shown: Shown): AnswerBody | undefined {
  if (shown.return === 'representation')
    return { kind: 'bytes', bytes: shownBody(world.registry, version.body, shown.subset) };
  if (shown.return === 'minimal') return undefined;
  return { kind: 'resource', resource: writtenOutcome(version, { outcome: 'matched', version: version.version }) };
}
