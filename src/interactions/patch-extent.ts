import { writeJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import type { Json } from '../fhir/resource.ts';

/** As of a body: deeper resources could be stored, yet not read again. */
const MAXIMUM_DEPTH = 64;

/**
 * What a patch leaves must be a resource that could have been sent whole: operations that each are small can nest and
 * multiply. Throws Problem `too-large` beyond the depth or the bytes of a body.
 */
export function checkExtent(resource: Json, bodyBytes: number): void {
  checkDepth(resource, 1);
  if (Buffer.byteLength(writeJson(resource)) > bodyBytes)
    throw new Problem('too-large', `The patched resource exceeds the limit of ${bodyBytes} bytes.`);
}

function checkDepth(value: Json | undefined, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAXIMUM_DEPTH)
    throw new Problem('too-large', `The patched resource would be nested deeper than ${MAXIMUM_DEPTH} levels.`);
  for (const inner of Object.values(value)) checkDepth(inner, depth + 1);
}
