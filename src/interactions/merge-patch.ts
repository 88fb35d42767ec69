import { literal, type LITERALS, setMember } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isObject, type Json } from '../fhir/resource.ts';

type Container = { [member: string]: Json | undefined; [LITERALS]?: { [member: string]: string } };

/**
 * Applies a JSON Merge Patch (RFC 7396) to a freshly parsed document, in place, and returns it: members replace, null
 * removes, lists are replaced whole. R4 names no such patch; fhirpy sends no other. Throws Problem `invalid`.
 */
export function applyMergePatch(document: Json, patch: Json): Json {
  if (!isObject(patch)) throw new Problem('invalid', 'A JSON Merge Patch is an object');
  return merged(document, patch);
}

function merged(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Container = isObject(target) ? (target as Container) : {};
  for (const name of Object.keys(patch)) {
    const value = patch[name] ?? null;
    if (value === null) delete result[name];
    else setMember(result, name, merged(result[name], value), literal(patch, name));
  }
  return result as Json;
}
