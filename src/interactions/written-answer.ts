import { operationOutcome } from '../fhir/problem.ts';
import type { Draft, Written } from '../store/store.ts';
import type { Answer, AnswerBody } from './answer.ts';
import type { Preferences, World } from './context.ts';
import { versionHeaders } from './etag.ts';
import { storedBody } from './stored-body.ts';

/** The answer to a create, update or patch (http.html#create): status, ETag, Last-Modified, Location, and the body that Prefer asks for. */
export function writtenAnswer(world: World, draft: Draft, written: Written, preferred: Preferences['return']): Answer {
  const created = written.outcome === 'created';
  const location = `${world.base}/${draft.type}/${draft.id}/_history/${written.version}`;
  const headers = { ...versionHeaders(written), ...(created && { Location: location }) };
  const body = bodyOf(draft, written, preferred);
  return { status: created ? 201 : 200, headers, ...(body && { body }) };
}

function bodyOf(draft: Draft, written: Written, preferred: Preferences['return']): AnswerBody | undefined {
  switch (preferred) {
    case 'minimal':
      return undefined;
    case 'representation':
      return { kind: 'bytes', bytes: storedBody(draft, written.version, written.lastUpdated) };
    case 'OperationOutcome': {
      const diagnostics = `${draft.type}/${draft.id} ${written.outcome}, version ${written.version}`;
      const issue = { severity: 'information', code: 'informational', diagnostics } as const;
      return { kind: 'resource', resource: operationOutcome([issue]) };
    }
    default:
      return preferred satisfies never;
  }
}
