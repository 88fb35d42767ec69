import { NotHeld } from '../../src/conformance/terminology/not-held.ts';
import type { Terminology } from '../../src/conformance/terminology/terminology.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isResource, type Json, type Resource } from '../../src/fhir/resource.ts';
import type { Call } from '../../src/interactions/context.ts';
import { storedResource } from '../../src/interactions/found-pages.ts';
import { readable } from '../../src/interactions/visible.ts';
import type { OperationTarget } from '../../src/operation/operation.ts';
import { and, type Predicate } from '../../src/search/query.ts';

const LOADS = 20;

/**
 * The answer over the bundled terminology and, where it lacks a definition, over what is stored and the caller may see;
 * with a date as all of that was then.
 * @throws NotHeld where a definition is nowhere; Problem `not-supported` where one was changed since the date
 */
export async function withStored<T>(call: Call, answer: (terminology: Terminology) => T, date?: string): Promise<T> {
  const now = call.world.registry.terminology;
  const lacking = new Set<string>();
  let terminology = (date === undefined ? now : now.asOf(date)).lacking(lacking);
  const tried = new Set<string>();
  for (;;) {
    try {
      return answer(terminology);
    } catch (error) {
      if (!(error instanceof NotHeld)) throw error;
      const { type, url, version, optional } = error;
      const key = `${type} ${url}|${version ?? ''}`;
      if (optional) lacking.add(withVersion(url, version));
      if (optional && tried.size >= LOADS) continue;
      if (tried.has(key) || tried.size >= LOADS) throw error;
      tried.add(key);
      const [found] = await storedWhere(call, type, [
        { kind: 'uri', param: 'url', match: 'exact', value: url },
        ...(version === undefined
          ? []
          : [{ kind: 'token', param: 'version', match: { by: 'code', code: version } } as const]),
      ]);
      if (found === undefined && optional) continue;
      if (found === undefined) throw error;
      terminology = terminology.with(found, type);
    }
  }
}

/** Stored definitions that the caller may search, newest first. */
export async function storedWhere(call: Call, type: string, where: readonly Predicate[]): Promise<readonly Resource[]> {
  const decision = call.caller.permit.decide('s', type);
  if (!decision.allowed) return [];
  const count = call.world.limits.maxPageSize;
  const query = { types: [type], where: and(decision.where, ...where), sort: [], count, total: 'none' } as const;
  return (await call.world.store.search(query)).matches.map(storedResource);
}

/** The definition that the operation is called on or is sent; undefined where neither. Throws Problem where it is not valid. */
export async function givenDefinition(
  call: Call & { readonly target: OperationTarget },
  sent: Json | undefined,
): Promise<Resource | undefined> {
  if (call.target.level === 'instance') return storedResource(await readable(call, call.target.key));
  if (!isResource(sent)) return undefined;
  const issues = call.world.validate(sent);
  const wrong = issues.find(({ severity }) => severity === 'error' || severity === 'fatal');
  if (wrong !== undefined) throw new Problem('invalid', wrong.diagnostics, { issues });
  return sent;
}

/** `url|version`, or the url where no version is asked for. */
export const withVersion = (url: string, version: string | undefined): string =>
  version === undefined || url.includes('|') ? url : `${url}|${version}`;
