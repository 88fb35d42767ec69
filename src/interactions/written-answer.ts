import type { ResourceKey } from '../fhir/ids.ts';
import { operationOutcome } from '../fhir/problem.ts';
import type { Draft, Written } from '../store/store.ts';
import type { Answer, AnswerBody } from './answer.ts';
import type { Call, Preferences, World } from './context.ts';
import { versionHeaders } from './etag.ts';
import { preferences } from './preferences.ts';
import { storedBody } from './stored-body.ts';
import { shownBody, type Subset, subsetOf } from './subset.ts';

/** What the answer to a write shows. */
export interface Shown extends Pick<Preferences, 'return'> {
  readonly subset?: Subset | undefined;
}

/** What a request asks to be shown of what it writes; looked at before anything is written, so that what is wrong stops it. */
export const shownOf = ({ world, request }: Call, type: string): Shown => ({
  return: preferences(request).return,
  subset: subsetOf(world.registry, request, [type]),
});

/** The answer to a create, update or patch (http.html#create): status, ETag, Last-Modified, Location, and the body that Prefer asks for. */
export function writtenAnswer(world: World, draft: Draft, written: Written, shown: Shown): Answer {
  const created = written.outcome === 'created';
  const location = `${world.base}/${draft.type}/${draft.id}/_history/${written.version}`;
  const headers = { ...versionHeaders(written), ...(created && { Location: location }) };
  const body = bodyOf(world, draft, written, shown);
  return { status: created ? 201 : 200, headers, ...(body && { body }) };
}

function bodyOf({ registry }: World, draft: Draft, written: Written, shown: Shown): AnswerBody | undefined {
  switch (shown.return) {
    case 'minimal':
      return undefined;
    case 'representation': {
      const whole = storedBody(draft, written.version, written.lastUpdated);
      return { kind: 'bytes', bytes: shownBody(registry, whole, shown.subset) };
    }
    case 'OperationOutcome':
      return { kind: 'resource', resource: writtenOutcome(draft, written) };
    default:
      return shown.return satisfies never;
  }
}

/** What was done, for who prefers to be told so (`return=OperationOutcome`, http.html#ops). */
export const writtenOutcome = ({ type, id }: ResourceKey, { outcome, version }: Told): OutcomeResource =>
  informed(`${type}/${id} ${outcome}, version ${version}`);

/** What was done as one line of information. */
export const informed = (diagnostics: string): OutcomeResource =>
  operationOutcome([{ severity: 'information', code: 'informational', diagnostics }]);

interface Told {
  readonly outcome: Written['outcome'] | 'matched';
  readonly version: number;
}
type OutcomeResource = ReturnType<typeof operationOutcome>;
