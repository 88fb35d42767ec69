import { instantText } from '../fhir/period.ts';
import type { Draft } from '../store/store.ts';

const META = Buffer.from('"meta":{');

/**
 * The body as a read gives it: versionId and lastUpdated spliced in right after `"meta":{`, as the Store port
 * promises, so that the answer to a write needs no read.
 */
export function storedBody(draft: Draft, version: number, lastUpdated: number): Buffer {
  const at = draft.body.indexOf(META) + META.length;
  const separator = draft.body[at] === 0x7d ? '' : ',';
  const spliced = `"versionId":"${version}","lastUpdated":"${instantText(lastUpdated)}"${separator}`;
  return Buffer.concat([draft.body.subarray(0, at), Buffer.from(spliced), draft.body.subarray(at)]);
}
