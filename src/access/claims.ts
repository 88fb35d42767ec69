/** The claims of a verified access token that access decisions are made from (RFC 9068, SMART App Launch 2.2). */
export interface AccessClaims {
  readonly client_id: string;
  readonly scope: string;
  /** Logical id of the patient in context. */
  readonly patient?: string;
  /** FHIR reference of the user. */
  readonly fhirUser?: string;
  readonly sub?: string;
  readonly jti?: string;
  /** Seconds since 1970. */
  readonly exp: number;
}

/** The claims of a token's payload, or undefined where a required one is missing or one has the wrong type. */
export function accessClaims(payload: unknown): AccessClaims | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const claims = payload as Readonly<Record<string, unknown>>;
  const { client_id, scope, exp, patient, fhirUser, sub, jti } = claims;
  if (typeof client_id !== 'string' || typeof scope !== 'string' || typeof exp !== 'number') return undefined;
  if (![patient, fhirUser, sub, jti].every((claim) => claim === undefined || typeof claim === 'string')) {
    return undefined;
  }
  return {
    client_id,
    scope,
    exp,
    ...(typeof patient === 'string' && { patient }),
    ...(typeof fhirUser === 'string' && { fhirUser }),
    ...(typeof sub === 'string' && { sub }),
    ...(typeof jti === 'string' && { jti }),
  };
}
