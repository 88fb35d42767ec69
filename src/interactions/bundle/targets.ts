import { Problem } from '../../fhir/problem.ts';
import { matching } from '../conditional.ts';
import type { Call } from '../context.ts';
import { resourceSatisfies } from '../satisfied.ts';
import { type Assigned, deletedKeys } from './assign.ts';
import { linkMembers } from './link-members.ts';
import { conditionalReferences, type Targets } from './resolve-references.ts';

/** What the Bundle's references point at, conditional references searched for. */
export async function targetsOf(call: Call, assigned: readonly Assigned[]): Promise<Targets> {
  const byFullUrl = new Map<string, string>();
  for (const { entry, type, id } of assigned) {
    if (entry.fullUrl === undefined || id === undefined || entry.resource === undefined) continue;
    if (byFullUrl.has(entry.fullUrl)) {
      throw new Problem('duplicate-target', `${entry.expression}.fullUrl is that of another entry`, {
        expression: [`${entry.expression}.fullUrl`],
      });
    }
    byFullUrl.set(entry.fullUrl, `${type}/${id}`);
  }
  const { base, registry, referentialIntegrity } = call.world;
  const byCriteria = await conditionalTargets(call, assigned);
  return { base, byFullUrl, byCriteria, links: linkMembers(registry), strict: referentialIntegrity };
}

async function conditionalTargets(call: Call, assigned: readonly Assigned[]): Promise<ReadonlyMap<string, string>> {
  const asked = new Map<string, string>();
  for (const { entry } of assigned) {
    for (const { text, path } of entry.resource ? conditionalReferences(entry.resource) : []) {
      if (!asked.has(text)) asked.set(text, `${entry.expression}.resource${path}`);
    }
  }
  const found = await Promise.all(
    [...asked].map(async ([text, path]) => [text, await conditionalTarget(call, assigned, text, path)] as const),
  );
  return new Map(found);
}

/** Conditional references are resolved last (http.html#trules): among what is there once the entries have been processed. */
async function conditionalTarget(
  call: Call,
  assigned: readonly Assigned[],
  text: string,
  path: string,
): Promise<string> {
  const type = text.slice(0, text.indexOf('?'));
  const written = assigned.filter((target) => target.type === type && isWritten(target));
  const changed = new Set([...deletedKeys(assigned), ...written.map(({ id }) => `${type}/${id}`)]);
  const { versions, guard } = await matching(call, type, text, 1 + changed.size);
  const keys = [
    ...versions.map(({ id }) => `${type}/${id}`).filter((key) => !changed.has(key)),
    ...written.filter((target) => satisfies(call, guard.where, target)).map(({ id }) => `${type}/${id}`),
  ];
  const [key] = keys;
  if (key !== undefined && keys.length === 1) return key;
  const count = keys.length === 0 ? 'nothing' : 'more than one resource';
  throw new Problem(
    keys.length === 0 ? 'business-rule' : 'multiple-matches',
    `The reference '${text}' matches ${count}`,
    { expression: [path] },
  );
}

/** True for what an entry creates or replaces: a conditional create that found something writes nothing. */
const isWritten = ({ entry, matched }: Assigned): boolean =>
  entry.method === 'PUT' || (entry.method === 'POST' && (matched?.versions.length ?? 0) === 0);

const satisfies = (call: Call, where: Parameters<typeof resourceSatisfies>[1], { entry, id }: Assigned): boolean =>
  entry.resource !== undefined &&
  id !== undefined &&
  resourceSatisfies(call.world, where, { ...entry.resource, id }, call.world.now());
