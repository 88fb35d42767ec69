import { permitFor } from '../access/permit-for.ts';
import type { Permit } from '../access/permit.ts';
import type { Registry } from '../conformance/registry.ts';
import type { Terminology } from '../conformance/terminology/terminology.ts';
import { Problem } from '../fhir/problem.ts';
import { isObject, listOf, type Resource } from '../fhir/resource.ts';
import { parseCriteria } from '../search/criteria.ts';
import { followsLinks } from '../search/predicate-walk.ts';
import type { Predicate } from '../search/query.ts';
import { ownerOf } from './owner.ts';

/** A Subscription read once and ready to be matched (subscription.html). */
export interface ActiveSubscription {
  readonly id: string;
  /** The criteria's resource type. */
  readonly type: string;
  readonly where: Predicate;
  readonly endpoint: URL;
  readonly headers: readonly (readonly [string, string])[];
  /** Whether the matching resource is sent along. */
  readonly payload: boolean;
  /** What its owner may see. */
  readonly permit: Permit;
  /** Milliseconds UTC at which it ends. */
  readonly end?: number;
}

const PAYLOADS = new Set(['application/fhir+json', 'application/json']);
/** Headers that a client may not set: they would let a subscription smuggle requests. */
const FORBIDDEN_HEADERS =
  /^(?:host|content-(?:length|type)|transfer-encoding|connection|keep-alive|upgrade|expect|te|trailer|x-notification-id|proxy-.*)$/i;

/**
 * Reads a Subscription.
 * @throws Problem that names the element which cannot be served: other channels, criteria that are no search or need other
 * resources to be decided (chains, `_has`), an endpoint that is no http(s) URL, an owner who may not search the type.
 */
export function readSubscription(
  resource: Resource,
  registry: Registry,
  base: string,
  terminology = registry.terminology,
): ActiveSubscription {
  const channel = isObject(resource['channel']) ? resource['channel'] : {};
  if (channel['type'] !== 'rest-hook')
    throw refused('Subscription.channel.type', `channel '${String(channel['type'])}' is not served; rest-hook is`);
  const payload = channel['payload'];
  if (payload !== undefined && !PAYLOADS.has(String(payload).split(';')[0]?.trim() ?? ''))
    throw refused('Subscription.channel.payload', `payload ${String(payload)} is not served; application/fhir+json is`);
  const permit = ownersPermit(resource, registry);
  const { type, where } = criteria(resource['criteria'], registry, base, terminology);
  const decision = permit.decide('s', type);
  if (!decision.allowed) throw refused('Subscription.criteria', decision.reason);
  const end = typeof resource['end'] === 'string' ? Date.parse(resource['end']) : undefined;
  return {
    id: resource.id ?? '',
    type,
    where,
    endpoint: endpointOf(channel['endpoint']),
    headers: listOf(channel['header']).map(headerOf),
    payload: payload !== undefined,
    permit,
    ...(end !== undefined && { end }),
  };
}

/** Throws Problem where it has no owner. */
export function ownersPermit(resource: Resource, registry: Registry): Permit {
  const claims = ownerOf(resource);
  if (!claims) throw refused('Subscription', 'it has no owner whose scopes could permit its notifications');
  return permitFor(claims, registry);
}

function criteria(
  text: unknown,
  registry: Registry,
  base: string,
  terminology: Terminology,
): { readonly type: string; readonly where: Predicate } {
  const match = typeof text === 'string' ? /^\/?([A-Za-z]+)(?:\?(.*))?$/s.exec(text) : null;
  const type = match?.[1] ?? '';
  if (!registry.isResourceType(type))
    throw refused('Subscription.criteria', `'${String(text)}' is no search such as Observation?code=…`);
  const where = parseCriteria(registry, [type], [...new URLSearchParams(match?.[2] ?? '')], { base, terminology });
  if (followsLinks(where))
    throw refused(
      'Subscription.criteria',
      'criteria with chained parameters or _has cannot be decided from one resource alone',
    );
  return { type, where };
}

function endpointOf(text: unknown): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw refused('Subscription.channel.endpoint', `'${String(text)}' is no absolute http or https URL`);
  if (url.username !== '' || url.password !== '')
    throw refused('Subscription.channel.endpoint', 'credentials belong into Subscription.channel.header');
  return url;
}

function headerOf(text: unknown): readonly [string, string] {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e]*)$/.exec(String(text));
  if (!match?.[1] || FORBIDDEN_HEADERS.test(match[1]))
    throw refused('Subscription.channel.header', 'a header must be Name: value and may not steer the connection');
  return [match[1], match[2] ?? ''];
}

const refused = (expression: string, diagnostics: string): Problem =>
  new Problem('not-supported', `${expression}: ${diagnostics}`, { expression: [expression] });
