import type { Registry } from '../conformance/registry.ts';
import { readXml } from '../conformance/xml/read-xml.ts';
import type { Resource } from '../fhir/resource.ts';

const XML: ReadonlySet<string> = new Set([
  'application/fhir+xml',
  'application/xml',
  'text/xml',
  'application/xml+fhir',
]);

/** A body in FHIR XML as the JSON that interactions work with; undefined for all others, which they read themselves. Throws Problem `malformed-body`. */
export const parsedBody = (registry: Registry, body: Buffer, type: string): Resource | undefined =>
  body.length > 0 && XML.has(type) ? readXml(registry, body) : undefined;
