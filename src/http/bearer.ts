import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import passport from 'passport';
import { ExtractJwt, Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { type AccessClaims, accessClaims } from '../access/claims.ts';
import type { Permit } from '../access/permit.ts';
import { Problem } from '../fhir/problem.ts';
import { TOKEN_ALGORITHM } from '../smart/access-token.ts';

export interface BearerOptions {
  readonly key: Buffer;
  readonly issuer: string;
  /** Where given, tokens must name it. */
  readonly audience?: string;
  readonly permitFor: (claims: AccessClaims) => Permit;
  readonly now: () => number;
}

/** Turns a request's bearer token (RFC 6750) into the permit it gives. Rejects with Problem `unauthenticated`. */
export type Bearer = (request: IncomingMessage) => Permit | Promise<Permit>;

const MAXIMUM_CACHED = 10_000;
const CLOCK_TOLERANCE_SECONDS = 30;

/** Verification through passport-jwt; a token once verified is remembered by its hash until it expires. */
export function bearer(options: BearerOptions): Bearer {
  const authenticator = new passport.Passport();
  authenticator.use(new Strategy(strategyOptions(options), verified));
  const verify = (request: IncomingMessage): Promise<AccessClaims> =>
    new Promise((resolve, reject) => {
      const done = (error: unknown, claims: AccessClaims | false | null, info?: unknown) => {
        if (error) reject(error);
        else if (claims) resolve(claims);
        else reject(refusal(info));
      };
      authenticator.authenticate('jwt', { session: false }, done)(request, {}, reject);
    });

  const cache = new Map<string, { readonly permit: Permit; readonly until: number }>();
  return (request) => {
    const header = request.headers.authorization;
    if (header === undefined) throw refusal(undefined);
    const key = hash('sha256', header, 'base64');
    const known = cache.get(key);
    if (known !== undefined && known.until > options.now()) return known.permit;
    return verify(request).then((claims) => {
      const permit = options.permitFor(claims);
      // A Map keeps insertion order: the first key is the oldest.
      if (cache.size >= MAXIMUM_CACHED)
        for (const oldest of cache.keys()) {
          cache.delete(oldest);
          break;
        }
      cache.set(key, { permit, until: (claims.exp + CLOCK_TOLERANCE_SECONDS) * 1000 });
      return permit;
    });
  };
}

const strategyOptions = (options: BearerOptions): StrategyOptionsWithoutRequest => ({
  jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
  secretOrKey: options.key,
  issuer: options.issuer,
  ...(options.audience !== undefined && { audience: options.audience }),
  algorithms: [TOKEN_ALGORITHM],
  jsonWebTokenOptions: { clockTolerance: CLOCK_TOLERANCE_SECONDS },
});

function verified(payload: unknown, done: (error: null, claims: AccessClaims | false, info?: Error) => void): void {
  const claims = accessClaims(payload);
  if (claims) done(null, claims);
  else done(null, false, new Error('client_id, scope or exp is missing'));
}

/** Why a token does not count, in the words of RFC 6750 §3.1. */
function refusal(info: unknown): Problem {
  const reason = info instanceof Error && info.message !== 'No auth token' ? info : undefined;
  if (reason === undefined) {
    return new Problem('unauthenticated', 'A bearer token is required.', {
      headers: { 'WWW-Authenticate': 'Bearer realm="fhir"' },
    });
  }
  const description = reason.name === 'TokenExpiredError' ? 'The token has expired.' : 'The token is not valid.';
  return new Problem('unauthenticated', description, {
    headers: {
      'WWW-Authenticate': `Bearer realm="fhir", error="invalid_token", error_description="${description}"`,
    },
  });
}
