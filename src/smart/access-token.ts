import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';

/** What a token is issued for. */
export interface Grant {
  readonly client: string;
  readonly scope: string;
  /** Logical id of the patient in context. */
  readonly patient?: string;
  /** FHIR reference of the user, `Practitioner/1`. */
  readonly user?: string;
}

export interface Issuer {
  readonly issuer: string;
  /** The FHIR base: the only audience these tokens are for. */
  readonly audience: string;
  readonly key: Uint8Array;
}

/** The one algorithm that tokens are signed and verified with. */
export const TOKEN_ALGORITHM = 'HS256';

/** Issues a signed access token (RFC 9068 in shape, SMART claims). `now` in ms, `lifetime` in seconds. */
export function issueAccessToken(issuer: Issuer, grant: Grant, lifetime: number, now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT({
    client_id: grant.client,
    scope: grant.scope,
    ...(grant.patient !== undefined && { patient: grant.patient }),
    ...(grant.user !== undefined && { fhirUser: grant.user }),
  })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: 'at+jwt' })
    .setIssuer(issuer.issuer)
    .setAudience(issuer.audience)
    .setSubject(grant.user ?? grant.client)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetime)
    .sign(issuer.key);
}
