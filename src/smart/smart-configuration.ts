/**
 * `/.well-known/smart-configuration` (SMART App Launch 2.2, conformance.html). It promises only what exists: tokens
 * are verified, but there is no authorization server yet, so no endpoint is named and no launch capability claimed.
 */
export const smartConfiguration = (issuer: string) => ({
  ...(issuer.startsWith('https://') && { issuer }),
  capabilities: ['permission-v1', 'permission-v2', 'permission-patient', 'permission-user'],
  scopes_supported: ['patient/*.cruds', 'user/*.cruds', 'system/*.cruds'],
  grant_types_supported: [],
});
