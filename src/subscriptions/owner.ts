import type { AccessClaims } from '../access/claims.ts';
import { isObject, type JsonObject, listOf, type Resource } from '../fhir/resource.ts';

/**
 * Whose subscription it is. A notification shows no more than its owner may read, so the owner's scopes are kept with the
 * Subscription, in an extension that only the server writes.
 */
const OWNER = 'https://novamind.health/fhir/StructureDefinition/subscription-owner';

export type Owner = Pick<AccessClaims, 'client_id' | 'scope' | 'patient' | 'fhirUser'>;

/** The Subscription with the owner written into it; an owner that the client stated is dropped. */
export function withOwner(subscription: Resource, owner: Owner): Resource {
  const part = (url: string, value: string | undefined) => (value === undefined ? [] : [{ url, valueString: value }]);
  const extension: JsonObject = {
    url: OWNER,
    extension: [
      ...part('client', owner.client_id),
      ...part('scope', owner.scope),
      ...part('patient', owner.patient),
      ...part('user', owner.fhirUser),
    ],
  };
  return { ...subscription, extension: [...withoutOwner(subscription), extension] };
}

const withoutOwner = (subscription: Resource) =>
  listOf(subscription['extension']).filter((extension) => !(isObject(extension) && extension['url'] === OWNER));

/** The owner as claims of a token; undefined where there is none, and then nothing may be shown. */
export function ownerOf(subscription: Resource): AccessClaims | undefined {
  const extension = listOf(subscription['extension']).find(
    (candidate): candidate is JsonObject => isObject(candidate) && candidate['url'] === OWNER,
  );
  const parts = new Map<string, string>();
  for (const part of listOf(extension?.['extension']))
    if (isObject(part) && typeof part['url'] === 'string' && typeof part['valueString'] === 'string')
      parts.set(part['url'], part['valueString']);
  const client_id = parts.get('client');
  const scope = parts.get('scope');
  const patient = parts.get('patient');
  const fhirUser = parts.get('user');
  if (client_id === undefined || scope === undefined) return undefined;
  return {
    client_id,
    scope,
    exp: Number.MAX_SAFE_INTEGER,
    ...(patient !== undefined && { patient }),
    ...(fhirUser !== undefined && { fhirUser }),
  };
}
