import type { Resource } from '../../src/fhir/resource.ts';
import type { Call } from '../../src/interactions/context.ts';
import { storedResource } from '../../src/interactions/found-pages.ts';
import { scopedPage, scopesOf } from '../../src/interactions/search-scope.ts';
import { inPatientCompartment } from '../../src/search/compartment.ts';
import type { Predicate, Sort } from '../../src/search/query.ts';
import type { StoredVersion } from '../../src/store/store.ts';
import type { SectionPlan } from './sections.ts';

/** Resources of a kind that a summary shows; it is a summary, not the record. */
export const MOST = 50;

export interface Gathered {
  readonly plan: SectionPlan;
  readonly found: readonly { readonly version: StoredVersion; readonly resource: Resource }[];
  /** More than are shown. */
  readonly more: boolean;
  /** Types that the caller may not search. */
  readonly withheld: readonly string[];
}

/** What belongs into a section, newest first, within what the caller may see. */
export async function gather(call: Call, patient: string, plan: SectionPlan): Promise<Gathered> {
  const found: { version: StoredVersion; resource: Resource }[] = [];
  const withheld: string[] = [];
  let more = false;
  for (const { type, category, belongs } of plan.from) {
    if (!call.caller.permit.decide('s', type).allowed) {
      withheld.push(type);
      continue;
    }
    const sort: readonly Sort[] = type === 'Observation' ? [{ param: 'date', kind: 'date', descending: true }] : [];
    const where: Predicate =
      category === undefined
        ? { kind: 'all' }
        : { kind: 'token', param: 'category', match: { by: 'code', code: category } };
    const query = { types: [type], where, sort, count: 4 * MOST, total: 'none' } as const;
    const scopes = scopesOf(call, query, (one) => inPatientCompartment(call.world.registry, one, patient));
    const page = await scopedPage(call, query, scopes);
    const some = page.matches
      .map((version) => ({ version, resource: storedResource(version) }))
      .filter(({ resource }) => belongs(resource));
    more ||= some.length > MOST || page.next !== undefined;
    found.push(...some.slice(0, MOST));
  }
  return { plan, found, more, withheld };
}
