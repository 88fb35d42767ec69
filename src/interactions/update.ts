import { Problem } from '../fhir/problem.ts';
import type { Resource } from '../fhir/resource.ts';
import type { Answer } from './answer.ts';
import { commitPlan, type Plan, type Planned } from './commit.ts';
import { type Matched, matchingOne } from './conditional.ts';
import type { Call, RouteParams } from './context.ts';
import { bodyResource } from './draft.ts';
import { createsOnly, ifMatch } from './etag.ts';
import { planUpdate, type Precondition, requireSameId } from './plan-update.ts';
import { shownOf, writtenAnswer } from './written-answer.ts';

interface UpdatePlan extends Plan {
  readonly change: Extract<Planned, { kind: 'put' }>;
}

/** `PUT [type]/[id]` (http.html#update): update, or create where the id is new; If-Match makes it version aware, If-None-Match: * a create alone. */
export async function update(call: Call, { type, id }: RouteParams): Promise<Answer> {
  const resource = bodyResource(call.request, type);
  requireSameId(resource, id);
  const precondition = preconditionOf(call.request.headers);
  return written(call, type, async () => {
    const change = await planUpdate(call, resource, id, precondition);
    return { change, changes: [change] };
  });
}

/** `PUT [type]?criteria` (http.html#cond-update). */
export async function updateMatching(call: Call, { type }: RouteParams): Promise<Answer> {
  const resource = bodyResource(call.request, type);
  const criteria = criteriaText(call);
  const precondition = preconditionOf(call.request.headers);
  const newId = call.world.newId();
  return written(call, type, async () => {
    const matched = await matchingOne(call, type, criteria);
    return planMatched(call, resource, matched, precondition, newId);
  });
}

/** Plans a conditional update: one match is updated; none is a create, under the body's id where it states one. */
async function planMatched(
  call: Call,
  resource: Resource,
  { versions, guard }: Matched,
  precondition: Precondition,
  newId: string,
): Promise<UpdatePlan> {
  const [match] = versions;
  if (match !== undefined && resource.id !== undefined && resource.id !== match.id) {
    throw new Problem(
      'invalid',
      `The criteria match ${match.type}/${match.id}, but the body has the id '${resource.id}'`,
      {
        expression: [`${resource.resourceType}.id`],
      },
    );
  }
  const change = await planUpdate(call, resource, match?.id ?? resource.id ?? newId, precondition);
  const expected =
    match === undefined && precondition.version === undefined
      ? { ...change, expect: { kind: 'absent' } as const }
      : change;
  return { change: expected, changes: [expected], guards: [guard] };
}

/** What the headers of an update, or of an entry that is one, ask of the current version. */
export const preconditionOf = (headers: (name: string) => string | undefined): Precondition => ({
  version: ifMatch(headers('if-match')),
  createOnly: createsOnly(headers('if-none-match')),
});

/** The query of a conditional interaction as text. */
export const criteriaText = (call: Call): string =>
  call.request.query
    .filter(([name]) => name !== '_format' && name !== '_pretty')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');

async function written(call: Call, type: string, plan: () => Promise<UpdatePlan>): Promise<Answer> {
  const shown = shownOf(call, type);
  const { plan: done, result } = await commitPlan(call, plan);
  const [first] = result.kind === 'committed' ? result.written : [];
  if (first === undefined) throw new Problem('unexpected', 'The store answered an update without a version');
  return writtenAnswer(call.world, done.change.drafted.draft, first, shown);
}
