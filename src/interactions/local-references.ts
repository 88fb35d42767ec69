import { ElementPlace } from '../fhir/element-place.ts';
import type { ResourceKey } from '../fhir/ids.ts';
import { parseReference } from '../fhir/reference.ts';
import { isObject, type Json, type JsonObject, type Resource } from '../fhir/resource.ts';

export interface LocalReference extends ResourceKey {
  /** Where it is: `Observation.subject`. */
  readonly expression: string;
}

/**
 * The references of a resource that point at resources of this server by logical id. Versioned, contained, urn and
 * foreign references are left out, and so is what a Bundle or Parameters carries: it is content, not a link of ours.
 */
export function localReferences(resource: Resource, base: string): readonly LocalReference[] {
  const found: LocalReference[] = [];
  const { resourceType } = resource;
  if (resourceType === 'Bundle' || resourceType === 'Parameters') return found;
  const at = new ElementPlace();
  const visit = (value: Json | undefined, step: string | number): void => {
    if (typeof value !== 'object' || value === null) return;
    at.enter(step);
    if (Array.isArray(value)) for (let index = 0; index < value.length; index++) visit(value[index], index);
    else if (isObject(value)) collect(value);
    at.leave();
  };
  const collect = (value: JsonObject): void => {
    const { reference } = value;
    if (typeof reference === 'string') {
      const target = parseReference(reference, base);
      if (target?.kind === 'local' && target.version === null)
        found.push({ type: target.type, id: target.id, expression: `${resourceType}${at.text}` });
    }
    for (const member in value) visit(value[member], member);
  };
  collect(resource);
  return found;
}
