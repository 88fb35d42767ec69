import { resourceId } from '../../fhir/ids.ts';
import { Problem } from '../../fhir/problem.ts';
import { type Matched, matching, matchingOne } from '../conditional.ts';
import type { Call } from '../context.ts';
import { refuseSubset, refuseUnknownParameters } from '../plain-parameters.ts';
import { requireSameId } from '../plan-update.ts';
import { type BundleEntry, located } from './entries.ts';

/** Where an entry's resource will be: known before any reference to it is resolved. */
export interface Assigned {
  readonly entry: BundleEntry;
  readonly type: string;
  /** Undefined for a conditional delete and for what matched nothing. */
  readonly id?: string;
  readonly matched?: Matched;
}

/** Gives every writing entry its target: one search for each distinct set of criteria. */
export async function assign(
  call: Call,
  entries: readonly BundleEntry[],
  newIds: readonly string[],
): Promise<readonly Assigned[]> {
  const searches = new Map<string, Promise<Matched>>();
  const search = (type: string, criteria: string, many: boolean) => {
    const key = `${many} ${type}?${criteria}`;
    const found =
      searches.get(key) ??
      (many ? matching(call, type, criteria, call.world.limits.bundleEntries) : matchingOne(call, type, criteria));
    searches.set(key, found);
    return found;
  };
  const assigned = await Promise.all(
    entries.map((entry) => assignOne(call, entry, newIds[entry.index] ?? call.world.newId(), search)),
  );
  return afterDeletions(assigned, newIds);
}

/** Deletions come first (http.html#trules): a conditional create does not find what the same transaction deletes. */
function afterDeletions(assigned: readonly Assigned[], newIds: readonly string[]): readonly Assigned[] {
  const gone = deletedKeys(assigned);
  if (gone.size === 0) return assigned;
  return assigned.map((target) => {
    const { entry, type, matched } = target;
    const [found] = matched?.versions ?? [];
    const id = newIds[entry.index];
    if (entry.method !== 'POST' || matched === undefined || !gone.has(`${type}/${found?.id}`)) return target;
    return { entry, type, ...(id !== undefined && { id }), matched: { versions: [], guard: matched.guard } };
  });
}

/** What the deletions of a transaction take away: `Type/id`. */
export const deletedKeys = (assigned: readonly Assigned[]): ReadonlySet<string> =>
  new Set(
    assigned
      .filter(({ entry }) => entry.method === 'DELETE')
      .flatMap(({ type, id, matched }) =>
        (matched?.versions.map((version) => version.id) ?? (id === undefined ? [] : [id])).map((it) => `${type}/${it}`),
      ),
  );

async function assignOne(
  call: Call,
  entry: BundleEntry,
  newId: string,
  search: (type: string, criteria: string, many: boolean) => Promise<Matched>,
): Promise<Assigned> {
  const [type = '', id, ...more] = entry.segments;
  const at = `${entry.expression}.request.url`;
  if (!call.world.registry.isResourceType(type)) {
    throw new Problem('unknown-type', `${at}: '${type}' is not a resource type of FHIR R4`, { expression: [at] });
  }
  if (more.length > 0 || id?.startsWith('$') || id?.startsWith('_')) {
    throw new Problem(
      'not-supported',
      `${at}: a transaction holds creates, updates, patches, deletes, reads and searches`,
      { expression: [at] },
    );
  }
  if (id !== undefined && resourceId(id) === undefined) {
    throw new Problem(
      'invalid',
      `${at}: '${id}' is not an id: 1 to 64 of A-Z, a-z, 0-9, '-' and '.', but neither . nor ..`,
      {
        expression: [at],
      },
    );
  }
  if (entry.method === 'POST' || id !== undefined) {
    const interaction = `${entry.expression}, a ${entry.method} of ${entry.segments.join('/')}`;
    refuseUnknownParameters(call.request, interaction, [], { query: entry.query, expression: at });
    refuseSubset(call.request, 'a write of a transaction', { query: entry.query, expression: at });
  }
  try {
    return await assignTarget(entry, type, id, newId, search);
  } catch (error) {
    throw error instanceof Problem ? located(error, entry, `${entry.expression}.request`) : error;
  }
}

async function assignTarget(
  entry: BundleEntry,
  type: string,
  id: string | undefined,
  newId: string,
  search: (type: string, criteria: string, many: boolean) => Promise<Matched>,
): Promise<Assigned> {
  const { method, resource, criteria, headers } = entry;
  if ((method === 'POST' || method === 'PUT') && resource?.resourceType !== type) {
    throw new Problem('invalid', `The resource is a ${resource?.resourceType}, but the URL says ${type}`);
  }
  if (method === 'POST') {
    if (id !== undefined) throw new Problem('invalid', 'A create is posted to its type, without an id');
    const exist = headers['if-none-exist'];
    const matched = exist === undefined ? undefined : await search(type, exist, false);
    return { entry, type, id: matched?.versions[0]?.id ?? newId, ...(matched && { matched }) };
  }
  if (id !== undefined) {
    if (method === 'PUT' && resource !== undefined) requireSameId(resource, id);
    return { entry, type, id };
  }
  const matched = await search(type, criteria, method === 'DELETE');
  const found =
    method === 'DELETE'
      ? undefined
      : (matched.versions[0]?.id ?? (method === 'PUT' ? (resource?.id ?? newId) : undefined));
  return { entry, type, matched, ...(found !== undefined && { id: found }) };
}

/** Throws Problem `duplicate-target` where two entries write the same resource, or would both create what one set of criteria selects. */
export function refuseDuplicates(assigned: readonly Assigned[]): void {
  const seen = new Map<string, BundleEntry>();
  for (const { entry, type, id, matched } of assigned) {
    const existing = entry.method === 'POST' && (matched?.versions.length ?? 0) > 0;
    const keys = existing
      ? []
      : entry.method === 'DELETE' && matched
        ? matched.versions.map((v) => `${type}/${v.id}`)
        : [`${type}/${id}`];
    if (matched !== undefined && matched.versions.length === 0 && entry.method !== 'DELETE')
      keys.push(matched.guard.key);
    for (const key of keys) {
      const other = seen.get(key);
      if (other !== undefined) {
        throw new Problem('duplicate-target', `${other.expression} and ${entry.expression} are both about ${key}`, {
          expression: [`${entry.expression}.request.url`],
        });
      }
      seen.set(key, entry);
    }
  }
}
