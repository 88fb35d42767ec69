import type { IncomingMessage } from 'node:http';

/**
 * The client's address: the peer's, or with `trustedProxies` hops in front of the server the address that the
 * outermost of them saw. Entries further left in X-Forwarded-For are the client's own invention.
 */
export function remoteAddress(request: IncomingMessage, trustedProxies: number): string {
  const peer = request.socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return peer;
  const forwarded = request.headers['x-forwarded-for'];
  if (forwarded === undefined) return peer;
  const hops = String(forwarded)
    .split(',')
    .map((hop) => hop.trim());
  return hops[Math.max(0, hops.length - trustedProxies)] ?? peer;
}
