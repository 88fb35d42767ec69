import type { Resource } from '../../fhir/resource.ts';
import type { Registry } from '../registry.ts';
import { ResourceReader } from './resource-reader.ts';
import { scanXml, xmlText } from './scanner.ts';

/**
 * Reads FHIR XML (xml.html) into the form that parseJson gives: literals of decimals kept, arrays by cardinality,
 * `_name` for what a primitive carries, narrative to the letter. Comments and processing instructions are dropped;
 * elements may come in any order. Throws Problem `malformed-body` with line, column and expression: bad XML, DTDs and
 * entities, elements and attributes that FHIR does not define, and nesting that JSON bodies are refused for too.
 */
export const readXml = (registry: Registry, body: string | Uint8Array): Resource => {
  const text = typeof body === 'string' ? body : xmlText(body);
  const reader = new ResourceReader(registry, text);
  scanXml(text, reader);
  return reader.result();
};
