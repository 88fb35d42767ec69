import type { Registry } from '../conformance/registry.ts';
import { Problem } from '../fhir/problem.ts';
import { isObject, type Json } from '../fhir/resource.ts';
import { bodyJson } from './draft.ts';
import { applyFhirPathPatch } from './fhirpath-patch.ts';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import type { FhirRequest } from './request.ts';
import { applyXmlPatch } from './xml-patch.ts';

/** A change to a parsed resource, in place or as a new value. */
export type Patching = (document: Json) => Json;

/** Media types of patches, as the capability statement lists them. */
export const PATCH_FORMATS: readonly string[] = [
  'application/json-patch+json',
  'application/xml-patch+xml',
  'application/merge-patch+json',
  'application/fhir+json',
  'application/fhir+xml',
];

/** Reads the body of a patch by its media type. Throws Problem `unsupported-media-type`. */
export function patchOf(registry: Registry, request: FhirRequest): Patching {
  switch (request.contentType) {
    case 'application/json-patch+json': {
      const operations = bodyJson(request, 'a JSON Patch');
      return (document) => applyJsonPatch(document, operations);
    }
    case 'application/xml-patch+xml': {
      const { body } = request;
      if (body === undefined || body.length === 0) {
        throw new Problem('malformed-body', 'The request has no body; an XML Patch is expected');
      }
      return (document) => applyXmlPatch(registry, document, body);
    }
    case 'application/merge-patch+json': {
      const changes = bodyJson(request, 'a JSON Merge Patch');
      return (document) => applyMergePatch(document, changes);
    }
    case 'application/json':
      return plainJsonPatch(registry, bodyJson(request, 'a patch'));
    case 'application/fhir+json':
    case 'application/fhir+xml':
    case 'application/xml':
    case 'text/xml': {
      const parameters = bodyJson(request, 'a FHIRPath Patch');
      return (document) => applyFhirPathPatch(registry, document, parameters);
    }
    default:
      throw new Problem(
        'unsupported-media-type',
        `A patch is application/json-patch+json, application/xml-patch+xml, application/merge-patch+json, or Parameters as application/fhir+json or application/fhir+xml; not ${request.contentType ?? 'without a type'}`,
        { headers: { 'Accept-Patch': PATCH_FORMATS.join(', ') } },
      );
  }
}

/** JSON that states no kind of patch is the one that it has the form of: a list, Parameters, or members to merge. */
function plainJsonPatch(registry: Registry, patch: Json): Patching {
  if (Array.isArray(patch)) return (document) => applyJsonPatch(document, patch);
  if (isObject(patch) && patch['resourceType'] !== 'Parameters') return (document) => applyMergePatch(document, patch);
  return (document) => applyFhirPathPatch(registry, document, patch);
}
