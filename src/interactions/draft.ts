import { parseJson, writeJson } from '../fhir/json.ts';
import { Problem, type Issue } from '../fhir/problem.ts';
import { isObject, isResource, type Json, type JsonObject, type Resource } from '../fhir/resource.ts';
import { patientOf } from '../search/compartment.ts';
import type { Draft } from '../store/store.ts';
import type { World } from './context.ts';
import { indexValues } from './indexing.ts';
import type { FhirRequest } from './request.ts';

/** A resource made ready to be stored, beside the object it was made from. */
export interface Drafted {
  readonly draft: Draft;
  /** As it will be stored, without versionId and lastUpdated. */
  readonly resource: Resource & { readonly id: string };
}

/** The request's body as a resource. Throws Problem `malformed-body` where there is none. */
export function bodyResource(request: FhirRequest, type?: string): Resource {
  if (request.contentType === 'application/json-patch+json') {
    throw new Problem('unsupported-media-type', 'A resource is expected; application/json-patch+json is a patch');
  }
  const resource = bodyJson(request, 'a resource');
  if (!isResource(resource)) {
    throw new Problem('malformed-body', 'The body is no resource: it has no resourceType', {
      expression: ['resourceType'],
    });
  }
  if (type !== undefined && resource.resourceType !== type) {
    throw new Problem('invalid', `The body is a ${resource.resourceType}, but the URL says ${type}`, {
      expression: ['resourceType'],
    });
  }
  return resource;
}

/** A JSON body by its media type; what states none is taken for one. */
const isJson = (type: string): boolean => type === '' || /^[a-z]+\/([a-z0-9.-]+\+)?json(\+fhir)?$/.test(type);

/** The request's body, parsed once. Throws Problem `malformed-body` where it is missing, `unsupported-media-type` where it is no JSON. */
export function bodyJson(request: FhirRequest, expected: string): Json {
  if (request.parsed !== undefined) return request.parsed;
  const { body, contentType = '' } = request;
  if (body === undefined || body.length === 0) {
    throw new Problem('malformed-body', `The request has no body; ${expected} is expected`);
  }
  if (!isJson(contentType)) {
    throw new Problem(
      'unsupported-media-type',
      `${expected} is taken as application/fhir+json or application/fhir+xml, not as ${contentType}`,
    );
  }
  return parseJson(body);
}

const STRUCTURAL = new Set(['structure', 'value', 'required']);

/** Throws Problem with every issue where one of them is an error: 400 for structure, 422 for rules. */
export function refuseInvalid(issues: readonly Issue[]): void {
  const errors = issues.filter(({ severity }) => severity === 'error' || severity === 'fatal');
  const [first] = errors;
  if (first === undefined) return;
  const kind = errors.some(({ code }) => STRUCTURAL.has(code)) ? 'invalid' : 'invalid-resource';
  // What refuses it comes first: clients show one issue, and advice such as dom-6 would hide the reason.
  const others = issues.filter((issue) => !errors.includes(issue));
  throw new Problem(kind, first.diagnostics, { issues: [...errors, ...others] });
}

/**
 * Validates a resource and writes it in the store's form under `id`: the client's versionId and lastUpdated are
 * ignored (http.html#create), tags, profiles and labels kept.
 */
export function makeDraft(world: World, received: Resource, id: string): Drafted {
  const resource = normalised(received, id);
  // As it came: the empty meta that the stored form begins with would be no valid element.
  refuseInvalid(world.validate(received.id === id ? received : { ...received, id }));
  const values = indexValues(world.registry, world.base, resource);
  const draft: Draft = {
    type: resource.resourceType,
    id,
    body: Buffer.from(writeJson(resource)),
    values,
    patient: patientOf(values),
    indexed: world.registry.searchHash(resource.resourceType),
  };
  return { draft, resource };
}

/** resourceType, id and meta first, in the order that Store asks for. */
function normalised(received: Resource, id: string): Resource & { readonly id: string } {
  const { resourceType, id: _id, meta, ...rest } = received;
  return { resourceType, id, meta: isObject(meta) ? kept(meta) : (meta ?? {}), ...rest };
}

function kept(meta: JsonObject): JsonObject {
  const { versionId: _v, _versionId: _ve, lastUpdated: _l, _lastUpdated: _le, ...rest } = meta;
  return rest;
}
