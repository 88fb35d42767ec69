import { Problem } from '../fhir/problem.ts';
import { parseCriteria } from '../search/criteria.ts';
import { and, type Predicate } from '../search/query.ts';
import type { Guard, StoredVersion } from '../store/store.ts';
import type { Call } from './context.ts';
import { guarded, permitted } from './permission.ts';
import { withStoredDefinitions } from './stored-terminology.ts';
import { pairsOf } from './url-text.ts';

/** What conditional criteria select now, and the guard that keeps the answer true at commit time. */
export interface Matched {
  readonly versions: readonly StoredVersion[];
  readonly guard: Guard;
}

/**
 * Evaluates the criteria of a conditional interaction (http.html#ccreate). They are a search, so they need the right to
 * search and see only what the caller may see. `limit` + 1 matches are fetched at most.
 */
export async function matching(call: Call, type: string, criteria: string, limit = 1): Promise<Matched> {
  const pairs = criteriaPairs(type, criteria);
  if (pairs.length === 0) {
    throw new Problem('invalid', `A conditional interaction on ${type} needs search criteria; there are none`);
  }
  const where = await conditionOf(call, type, pairs);
  const page = await call.world.store.search({ types: [type], where, sort: [], count: limit + 1, total: 'none' });
  const key = `${type}?${pairs
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')}`;
  return { versions: page.matches, guard: { key, type, where, ids: page.matches.map(({ id }) => id) } };
}

async function conditionOf(
  call: Call,
  type: string,
  pairs: readonly (readonly [string, string])[],
): Promise<Predicate> {
  const allowed = permitted(call.caller, 's', type);
  const { registry, base, now } = call.world;
  const criteria = await withStoredDefinitions(call, (terminology) =>
    parseCriteria(registry, [type], pairs, { base, now: now(), terminology }),
  );
  return and(allowed, guarded(call.caller, criteria));
}

/** Like matching, but more than one match is refused (412). */
export async function matchingOne(call: Call, type: string, criteria: string): Promise<Matched> {
  const found = await matching(call, type, criteria);
  if (found.versions.length > 1) {
    throw new Problem(
      'multiple-matches',
      `More than one ${type} matches '${criteria}'; the criteria are not selective enough`,
    );
  }
  return found;
}

/** What shapes the answer to a search and selects nothing. */
const SHAPING = /^_(?:count|sort|summary|elements|include|revinclude|total|contained|containedType|page)(?::|$)/;

/** `a=1&b=2`, with or without `Type?` before it. */
function criteriaPairs(type: string, criteria: string): readonly (readonly [string, string])[] {
  const [before = ''] = /^[^=&]*\?/.exec(criteria) ?? [];
  const stated = before.slice(before.lastIndexOf('/') + 1, -1);
  if (stated !== '' && stated !== type) {
    throw new Problem('invalid', `The criteria '${criteria}' are of ${stated}, but the interaction is of ${type}`);
  }
  const pairs = pairsOf(criteria.slice(before.length));
  const shaping = pairs.find(([name]) => SHAPING.test(name));
  if (shaping === undefined) return pairs;
  throw new Problem('invalid-search', `'${shaping[0]}' selects nothing: conditional criteria are filters alone`, {
    expression: [shaping[0]],
  });
}
