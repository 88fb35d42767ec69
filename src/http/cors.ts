import type { IncomingMessage } from 'node:http';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const REQUEST_HEADERS =
  'Authorization, Content-Type, Content-Encoding, Accept, Prefer, If-Match, If-None-Match, If-Modified-Since, If-None-Exist, Idempotency-Key, X-Request-Id, X-Security-Context';
const EXPOSED =
  'ETag, Last-Modified, Location, Content-Location, WWW-Authenticate, Retry-After, X-Request-Id, X-Security-Context, Allow, Accept-Patch';

/** The CORS headers of an answer as a flat list (fetch.spec.whatwg.org#http-cors-protocol); empty for origins not allowed. */
export function corsHeaders(request: IncomingMessage, origins: readonly string[]): readonly string[] {
  if (origins.length === 0) return [];
  const { origin } = request.headers;
  if (origin === undefined || !(origins.includes('*') || origins.includes(origin))) return ['Vary', 'Origin'];
  // Tokens travel in a header, never in cookies: credentials mode is not offered.
  const allowed = ['Vary', 'Origin', 'Access-Control-Allow-Origin', origin, 'Access-Control-Expose-Headers', EXPOSED];
  return isPreflight(request)
    ? [
        ...allowed,
        'Access-Control-Allow-Methods',
        METHODS,
        'Access-Control-Allow-Headers',
        REQUEST_HEADERS,
        'Access-Control-Max-Age',
        '600',
      ]
    : allowed;
}

export const isPreflight = (request: IncomingMessage): boolean =>
  request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
