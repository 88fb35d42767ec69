import type { Registry } from '../conformance/registry.ts';
import { writeXml } from '../conformance/xml/write-xml.ts';
import { parseJson } from '../fhir/json.ts';
import { isResource } from '../fhir/resource.ts';
import { resourcePage } from './page/resource-page.ts';

/** What the edge makes of FHIR JSON where a client asked for another form. */
export interface Forms {
  /** A page to read. */
  readonly page: (json: string, status: number) => string;
  /** FHIR XML; undefined for what is no resource, which XML has no form for. Throws Problem `not-acceptable`. */
  readonly xml: (json: Buffer, pretty: boolean) => string | undefined;
}

/** Our own JSON may be deeper than a body: resources stand inside a Bundle. */
const MAXIMUM_DEPTH = 128;

/** `linkBase` as in highlightedJson. */
export const formsOf = (registry: Registry, linkBase?: string): Forms => ({
  page: (json, status) => resourcePage(json, status, linkBase),
  xml: (json, pretty) => {
    const resource = parseJson(json, MAXIMUM_DEPTH);
    return isResource(resource) ? writeXml(registry, resource, pretty) : undefined;
  },
});
