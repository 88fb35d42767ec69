import { Problem } from '../../fhir/problem.ts';
import { type Matched, matching, matchingOne } from '../conditional.ts';
import type { Call } from '../context.ts';
import { refuseUnknownParameters } from '../plain-parameters.ts';
import { requireSameId } from '../plan-update.ts';
import type { BundleEntry } from './entries.ts';
import { conditionalReferences, type Targets } from './resolve-references.ts';

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
  return Promise.all(entries.map((entry) => assignOne(call, entry, newIds[entry.index] ?? call.world.newId(), search)));
}

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
  if (entry.method === 'POST' || id !== undefined) {
    const interaction = `${entry.expression}, a ${entry.method} of ${entry.segments.join('/')}`;
    refuseUnknownParameters(call.request, interaction, [], { query: entry.query, expression: at });
  }
  try {
    return await assignTarget(entry, type, id, newId, search);
  } catch (error) {
    throw error instanceof Problem ? error.within(`${entry.expression}.request`) : error;
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
  return { byFullUrl, byCriteria: await conditionalTargets(call, assigned), strict: call.world.referentialIntegrity };
}

async function conditionalTargets(call: Call, assigned: readonly Assigned[]): Promise<ReadonlyMap<string, string>> {
  const asked = new Map<string, string>();
  for (const { entry } of assigned) {
    for (const { text, path } of entry.resource ? conditionalReferences(entry.resource) : []) {
      if (!asked.has(text)) asked.set(text, `${entry.expression}.resource${path}`);
    }
  }
  const found = await Promise.all([...asked].map(([text, path]) => conditionalTarget(call, text, path)));
  return new Map(found);
}

async function conditionalTarget(call: Call, text: string, path: string): Promise<readonly [string, string]> {
  const type = text.slice(0, text.indexOf('?'));
  const { versions } = await matching(call, type, text);
  const [match] = versions;
  if (versions.length === 1 && match) return [text, `${type}/${match.id}`];
  const count = versions.length === 0 ? 'nothing' : 'more than one resource';
  throw new Problem(
    versions.length === 0 ? 'business-rule' : 'multiple-matches',
    `The reference '${text}' matches ${count}`,
    { expression: [path] },
  );
}
