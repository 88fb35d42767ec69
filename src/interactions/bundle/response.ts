import { STATUS_CODES } from 'node:http';
import type { ResourceKey } from '../../fhir/ids.ts';
import { writeJson } from '../../fhir/json.ts';
import { instantText } from '../../fhir/period.ts';
import type { JsonObject } from '../../fhir/resource.ts';
import type { Answer } from '../answer.ts';
import { type BundleHead, bundlePieces, type EntryPieces } from '../bundle-pieces.ts';
import type { Call } from '../context.ts';

/** What became of one entry. */
export interface EntryOutcome {
  readonly status: number;
  readonly location?: string | undefined;
  readonly version?: number | undefined;
  readonly lastUpdated?: number | undefined;
  readonly outcome?: JsonObject;
  readonly resource?: Buffer | undefined;
  /** Where the resource is, when it is shown. */
  readonly at?: ResourceKey | undefined;
}

/** A transaction-response or batch-response, one entry for each of the request's, in its order. */
export const responseBundle = (call: Call, type: BundleHead['type'], outcomes: readonly EntryOutcome[]): Answer => ({
  status: 200,
  headers: {},
  body: bundlePieces(
    { type, base: call.world.base, id: call.world.newId(), at: call.world.now() },
    outcomes.map(entryPieces),
  ),
});

function entryPieces({ status, location, version, lastUpdated, outcome, resource, at }: EntryOutcome): EntryPieces {
  let response = `"response":{"status":"${status} ${STATUS_CODES[status] ?? ''}"`;
  if (location !== undefined) response += `,"location":${JSON.stringify(location)}`;
  if (version !== undefined) response += `,"etag":"W/\\"${version}\\""`;
  if (lastUpdated !== undefined) response += `,"lastModified":"${instantText(lastUpdated)}"`;
  if (outcome !== undefined) response += `,"outcome":${writeJson(outcome)}`;
  return {
    members: `${response}}`,
    ...(at !== undefined && { at }),
    ...(resource !== undefined && { resource }),
  };
}

/** The bytes of an answer's body; undefined where it has none that a Bundle could carry. */
export function bodyBytes({ body }: Answer): Buffer | undefined {
  switch (body?.kind) {
    case undefined:
    case 'raw':
      return undefined;
    case 'bytes':
      return body.bytes;
    case 'pieces':
      return Buffer.concat(body.pieces);
    case 'resource':
      return Buffer.from(writeJson(body.resource));
    default:
      return body satisfies never;
  }
}
