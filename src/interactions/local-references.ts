import type { ResourceKey } from '../fhir/ids.ts';
import { parseReference } from '../fhir/reference.ts';
import { isObject, type Json, type Resource } from '../fhir/resource.ts';

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
  if (resource.resourceType !== 'Bundle' && resource.resourceType !== 'Parameters') {
    collect(resource, resource.resourceType, base, found);
  }
  return found;
}

function collect(value: Json | undefined, path: string, base: string, found: LocalReference[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      if (typeof item === 'object') collect(item as Json, `${path}[${index}]`, base, found);
    }
    return;
  }
  if (!isObject(value)) return;
  const { reference } = value;
  if (typeof reference === 'string') {
    const target = parseReference(reference, base);
    if (target?.kind === 'local' && target.version === null) {
      found.push({ type: target.type, id: target.id, expression: path });
    }
  }
  for (const member in value) {
    const child = value[member];
    if (typeof child === 'object' && child !== null) collect(child, `${path}.${member}`, base, found);
  }
}
