import { isObject, type Json, type JsonObject, listOf } from '../../src/fhir/resource.ts';

const LABELS = ['profile', 'security', 'tag'] as const;

/** Profiles by canonical, labels and tags by system and code. */
const identity = (item: Json): string =>
  isObject(item) ? `${String(item['system'] ?? '')}|${String(item['code'] ?? '')}` : String(item);

/** The meta with what `more` has beside it: sets, so nothing twice (resource-operation-meta-add.html). */
export const added = (meta: JsonObject, more: JsonObject): JsonObject =>
  changed(meta, (label) => {
    const known = new Set(listOf(meta[label]).map(identity));
    const fresh = new Map(listOf(more[label]).map((item) => [identity(item), item]));
    return [...listOf(meta[label]), ...[...fresh].filter(([key]) => !known.has(key)).map(([, item]) => item)];
  });

/** The meta without what `fewer` has. */
export const removed = (meta: JsonObject, fewer: JsonObject): JsonObject =>
  changed(meta, (label) => {
    const gone = new Set(listOf(fewer[label]).map(identity));
    return listOf(meta[label]).filter((item) => !gone.has(identity(item)));
  });

function changed(meta: JsonObject, of: (label: (typeof LABELS)[number]) => readonly Json[]): JsonObject {
  const { profile: _profile, security: _security, tag: _tag, ...rest } = meta;
  const labels = LABELS.map((label) => [label, of(label)] as const).filter(([, items]) => items.length > 0);
  return { ...rest, ...Object.fromEntries(labels) };
}
