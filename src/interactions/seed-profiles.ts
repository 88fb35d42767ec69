import type { Resource } from '../fhir/resource.ts';
import type { World } from './context.ts';
import { makeDraft } from './draft.ts';
import { storedBody } from './stored-body.ts';

/**
 * Puts the server's own conformance resources into its store, so that they are read and searched like any others. Those that
 * are there as shipped make no version, and a start that changes nothing writes nothing; of several processes that start
 * together the later finds what the first wrote. Resolves to how many differed.
 */
export async function seedProfiles(world: World, resources: readonly Resource[]): Promise<number> {
  // Shipped files are held valid by test/profiles: compiling their checks would cost each start a second.
  const trusting: World = { ...world, validate: () => [] };
  const drafts = resources.flatMap((resource) =>
    resource.id === undefined ? [] : [makeDraft(trusting, resource, resource.id).draft],
  );
  const current = await world.store.readMany(drafts.map(({ type, id }) => ({ type, id })));
  const differing = drafts.filter((draft, i) => {
    const stored = current[i];
    return !stored || stored.deleted || !storedBody(draft, stored.version, stored.lastUpdated).equals(stored.body);
  });
  if (differing.length > 0)
    await world.store.commit({
      changes: differing.map((draft) => ({ kind: 'put', method: 'PUT', draft, expect: { kind: 'any' } })),
    });
  return differing.length;
}
