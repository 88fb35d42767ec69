import { parseJson } from '../fhir/json.ts';
import { isResource, type Resource } from '../fhir/resource.ts';
import type { Predicate } from '../search/query.ts';
import { satisfies } from '../search/satisfies.ts';
import type { Draft, StoredVersion } from '../store/store.ts';
import type { World } from './context.ts';
import { indexValues } from './indexing.ts';

/** True where a resource about to be written satisfies a policy. What needs other resources to decide counts as no. */
export const draftSatisfies = (world: World, where: Predicate, { type, id, values }: Draft): boolean =>
  where.kind === 'all' || satisfies({ type, id, values, lastUpdated: world.now() }, where) === true;

/** True where a resource satisfies a policy. */
export const resourceSatisfies = (world: World, where: Predicate, resource: Resource, lastUpdated: number): boolean => {
  if (where.kind === 'all') return true;
  const values = indexValues(world.registry, world.base, resource);
  return satisfies({ type: resource.resourceType, id: resource.id ?? '', values, lastUpdated }, where) === true;
};

/** True where a stored version, current or not, satisfies a policy. A deletion has no content to judge by: it does not. */
export function versionSatisfies(world: World, where: Predicate, version: StoredVersion): boolean {
  if (where.kind === 'all') return true;
  if (version.deleted) return false;
  const resource = parseJson(version.body);
  return isResource(resource) && resourceSatisfies(world, where, resource, version.lastUpdated);
}
