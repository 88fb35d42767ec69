import { Problem } from '../fhir/problem.ts';
import type { Preferences } from './context.ts';
import type { FhirRequest } from './request.ts';

/** What `Prefer: return=` may be (http.html#ops). */
export const RETURNS = ['minimal', 'representation', 'OperationOutcome'] as const;
/** What `Prefer: handling=` may be (search.html#errors). */
export const HANDLINGS = ['strict', 'lenient'] as const;

const NONE: Preferences = { return: 'representation', handling: 'strict' };

/** The Prefer header (RFC 7240; http.html#ops). `fallback` is what is returned where the client states nothing. */
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
  if (stated === undefined) return undefined;
  const found = known.find((value) => value.toLowerCase() === stated.toLowerCase());
  if (found === undefined) throw new Problem('invalid', `Prefer: ${name}=${stated} is not one of ${known.join(', ')}`);
  return found;
}
