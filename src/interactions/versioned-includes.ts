import type { ResourceKey } from '../fhir/ids.ts';
import type { ReferenceValue } from '../search/index-values.ts';
import type { IncludeStep } from '../search/include.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Call } from './context.ts';
import { storedResource } from './found-pages.ts';
import { indexValues } from './indexing.ts';
import { versionSatisfies } from './satisfied.ts';

export interface VersionedTargets {
  readonly versions: readonly StoredVersion[];
  /** What is referred to in those versions alone: `[type]/[id]`. */
  readonly instead: ReadonlySet<string>;
}

const HISTORY = Buffer.from('/_history/');
const NONE: VersionedTargets = { versions: [], instead: new Set() };
const keyOf = ({ type, id }: Pick<ReferenceValue, 'type' | 'id'>): string => `${type}/${id}`;

/** "If a resource has a reference that is versioned and _include is performed, the specified version SHOULD be provided" (search.html#versions). */
export async function versionedTargets(
  call: Call,
  sources: readonly StoredVersion[],
  { param, target }: IncludeStep,
): Promise<VersionedTargets> {
  if (!sources.some(({ body }) => body.includes(HISTORY))) return NONE;
  const references = sources
    .flatMap((source) => indexValues(call.world.registry, call.world.base, storedResource(source)))
    .filter((value): value is ReferenceValue => value.kind === 'reference' && value.param === param);
  const current = new Set(references.filter(({ version }) => version === null).map(keyOf));
  const versions: StoredVersion[] = [];
  const instead = new Set<string>();
  for (const reference of references) {
    const { type, id, version } = reference;
    if (type === null || id === null || (target !== undefined && type !== target)) continue;
    const found = version === null ? undefined : await visibleVersion(call, { type, id }, version);
    if (found === undefined) continue;
    versions.push(found);
    if (!current.has(keyOf(reference))) instead.add(keyOf(reference));
  }
  return { versions, instead };
}

/** Undefined for what never was, or the caller may not read: then the current version stands for it. */
async function visibleVersion(call: Call, key: ResourceKey, version: string): Promise<StoredVersion | undefined> {
  const decision = call.caller.permit.decide('r', key.type);
  if (!decision.allowed || !/^[1-9]\d{0,14}$/.test(version)) return undefined;
  const found = await call.world.store.vread(key, Number(version));
  return found !== undefined && versionSatisfies(call.world, decision.where, found) ? found : undefined;
}
