import type { ResourceKey } from '../fhir/ids.ts';
import { instantText } from '../fhir/period.ts';
import { parseReference } from '../fhir/reference.ts';
import { isObject, type Json, type JsonObject, type Resource } from '../fhir/resource.ts';
import type { World } from '../interactions/context.ts';

/** A resource of a document beside the url by which the others refer to it. */
export interface DocumentEntry {
  readonly fullUrl: string;
  readonly resource: Resource;
}

/** A Bundle of type document (documents.html); the first entry is the Composition. */
export const documentBundle = (
  { newId, now }: Pick<World, 'newId' | 'now'>,
  entries: readonly DocumentEntry[],
): Resource => ({
  resourceType: 'Bundle',
  id: newId(),
  identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${newId()}` },
  type: 'document',
  timestamp: instantText(now()),
  entry: entries.map(({ fullUrl, resource }) => ({ fullUrl, resource })),
});

/** A reference into this server; `version` where it cites one. */
export interface Cited extends ResourceKey {
  readonly version: string | null;
}

/** Every resource of this server that is referred to anywhere in the value, once each, in the order met. */
export function citedIn(value: Json, base: string): readonly Cited[] {
  const found = new Map<string, Cited>();
  const visit = (part: Json): void => {
    if (Array.isArray(part)) {
      for (const item of part) visit(item);
    } else if (isObject(part)) {
      const { reference } = part;
      const parsed = typeof reference === 'string' ? parseReference(reference, base) : undefined;
      if (parsed?.kind === 'local') {
        const { type, id, version } = parsed;
        if (!found.has(`${type}/${id}`)) found.set(`${type}/${id}`, { type, id, version });
      }
      for (const member of membersOf(part)) visit(member);
    }
  };
  visit(value);
  return [...found.values()];
}

const membersOf = (object: JsonObject): readonly Json[] =>
  Object.values(object).filter((member) => member !== undefined);
