import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FhirEndpoint } from './fhir-endpoint.ts';
import { securityHeaderList } from './security-headers.ts';
import { isBelowBase } from './target.ts';

/**
 * Serves FHIR requests ahead of Express: the same pipeline with the same headers, limits and log, without the
 * middleware chain (measured: DESIGN §6). Requests for a page, and all below other paths, go on to Express.
 */
export function hotPath(endpoint: FhirEndpoint, express: RequestListener): RequestListener {
  const headers = securityHeaderList();
  return (request: IncomingMessage, response: ServerResponse) => {
    const url = request.url ?? '/';
    if (isBelowBase(url) && !mayWantPage(request, url)) void endpoint(request, response, url, headers);
    else express(request, response);
  };
}

const mayWantPage = (request: IncomingMessage, url: string): boolean =>
  (request.headers.accept?.includes('html') ?? false) || (url.includes('_format') && url.includes('html'));
