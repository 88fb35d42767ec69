import { operationOutcome, Problem } from '../../fhir/problem.ts';
import type { JsonObject } from '../../fhir/resource.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../context.ts';
import { type BundleEntry, entryRequest, located } from './entries.ts';
import { bodyBytes, type EntryOutcome } from './response.ts';

/** Answers an entry on its own: a batch's entries, and the reads and searches of a transaction. Failures become its outcome. */
export async function dispatchEntry(
  call: Call,
  entry: BundleEntry,
  inherited: Readonly<Record<string, string>> = {},
): Promise<EntryOutcome> {
  try {
    const answer = await call.dispatch(entryRequest(entry, inherited));
    const { Location: location, ETag: tag, 'Last-Modified': modified } = answer.headers;
    // What was done belongs beside the status: an entry's `resource` is the representation, or what an operation answers.
    const outcome = outcomeOf(entry, answer);
    const resource = outcome === undefined ? bodyBytes(answer) : undefined;
    return {
      status: answer.status,
      location: location?.startsWith(`${call.world.base}/`) ? location.slice(call.world.base.length + 1) : location,
      ...(tag !== undefined && { version: Number(/\d+/.exec(tag)?.[0]) }),
      ...(outcome !== undefined && { outcome }),
      ...(modified !== undefined && { lastUpdated: lastUpdatedOf(resource) ?? Date.parse(modified) }),
      // HEAD is answered as GET is: leaving the content out is up to whoever sends it.
      ...(entry.method !== 'HEAD' && { resource }),
    };
  } catch (error) {
    const problem = error instanceof Problem ? error : unexpected(call, error);
    const writes = entry.method === 'POST' || entry.method === 'PUT';
    const { issues } = located(problem, entry, writes ? `${entry.expression}.resource` : entry.expression);
    return { status: problem.status, outcome: operationOutcome(issues) };
  }
}

const outcomeOf = ({ method, segments }: BundleEntry, { body }: Answer): JsonObject | undefined =>
  method !== 'GET' &&
  method !== 'HEAD' &&
  body?.kind === 'resource' &&
  body.resource['resourceType'] === 'OperationOutcome' &&
  !segments.some((segment) => segment.startsWith('$'))
    ? body.resource
    : undefined;

/** Last-Modified has seconds alone; where the stored text is at hand, its instant is exact. */
function lastUpdatedOf(resource: Buffer | undefined): number | undefined {
  const text = resource?.subarray(0, 400).toString('latin1');
  const instant = text === undefined ? undefined : /"meta":\{"versionId":"\d+","lastUpdated":"([^"]+)"/.exec(text)?.[1];
  return instant === undefined ? undefined : Date.parse(instant);
}

function unexpected(call: Call, error: unknown): Problem {
  call.world.log.error({ err: error, requestId: call.caller.requestId }, 'a batch entry failed unexpectedly');
  return new Problem('unexpected', 'The server failed on this entry; the failure is in its log');
}
