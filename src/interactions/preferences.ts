import type { Preferences } from './context.ts';
import type { FhirRequest } from './request.ts';

/** What `Prefer: return=` may be (http.html#ops). */
export const RETURNS = ['minimal', 'representation', 'OperationOutcome'] as const;
/** What `Prefer: handling=` may be (search.html#errors). */
export const HANDLINGS = ['strict', 'lenient'] as const;

const NONE: Preferences = { return: 'representation', handling: 'strict' };

/**
 * The Prefer header (http.html#ops). `fallback` is what is returned where the client states nothing, or a preference that
 * is not known: a server must ignore those and go on (RFC 7240, 2). fhirclient.js says `return=presentation` in patches.
 */
export function preferences(request: FhirRequest, fallback: Preferences['return'] = 'representation'): Preferences {
  const header = request.headers('prefer');
  if (header === undefined) return fallback === NONE.return ? NONE : { ...NONE, return: fallback };
  return {
    return: pick(header, 'return', RETURNS) ?? fallback,
    handling: pick(header, 'handling', HANDLINGS) ?? 'strict',
  };
}

function pick<const T extends string>(header: string, name: string, known: readonly T[]): T | undefined {
  const stated = new RegExp(`(?:^|[,;\\s])${name}\\s*=\\s*"?([^",;\\s]+)`, 'i').exec(header)?.[1];
  return known.find((value) => value.toLowerCase() === stated?.toLowerCase());
}
