import { parseReference } from '../../src/fhir/reference.ts';
import { isObject, type Json } from '../../src/fhir/resource.ts';
import type { Call } from '../../src/interactions/context.ts';
import { storedResource } from '../../src/interactions/found-pages.ts';
import { and, type Predicate } from '../../src/search/query.ts';
import type { StoredVersion } from '../../src/store/store.ts';

/** Ids that one query names. */
const TOGETHER = 200;

/**
 * What the resources of a page refer to, of the types wanted: practitioners, organizations, medications, and Binaries by
 * the url of an attachment (patient-operation-everything.html). What the caller may not read is left out.
 */
export async function referenced(
  call: Call,
  page: readonly StoredVersion[],
  types: readonly string[],
  where: Predicate,
): Promise<readonly StoredVersion[]> {
  const ids = new Map(types.map((type) => [type, new Set<string>()]));
  for (const version of page) collect(storedResource(version), call.world.base, ids);
  const found: StoredVersion[] = [];
  for (const [type, named] of ids) {
    const decision = call.caller.permit.decide('r', type);
    if (!decision.allowed) continue;
    const all = [...named];
    for (let from = 0; from < all.length; from += TOGETHER) {
      const some = and({ kind: 'id', ids: all.slice(from, from + TOGETHER) }, decision.where, where);
      const query = { types: [type], where: some, sort: [], count: TOGETHER, total: 'none' } as const;
      found.push(...(await call.world.store.search(query)).matches);
    }
  }
  return found;
}

function collect(value: Json, base: string, ids: ReadonlyMap<string, Set<string>>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, base, ids);
  } else if (isObject(value)) {
    for (const member in value) {
      const inner = value[member];
      if (inner === undefined) continue;
      if (typeof inner !== 'string') collect(inner, base, ids);
      else if (member === 'reference' || member === 'url') {
        const parsed = parseReference(inner, base);
        if (parsed?.kind === 'local') ids.get(parsed.type)?.add(parsed.id);
      }
    }
  }
}
