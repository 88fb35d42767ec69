import type { Registry } from '../../conformance/registry.ts';

const LINKS: readonly string[] = ['uri', 'url', 'oid', 'uuid'];
/** Members that name things or hold text, though some type has a uri of that name: an Identifier stays what it is. */
const NAMES = new Set(['id', 'value', 'system', 'code', 'text', 'display']);
const MEMBERS = new WeakMap<Registry, ReadonlySet<string>>();

/**
 * Names of members that hold links: a transaction replaces them in "elements of type uri, url, oid, uuid", while
 * "elements of type canonical are not replaced" (http.html#trules).
 */
export function linkMembers(registry: Registry): ReadonlySet<string> {
  const known = MEMBERS.get(registry);
  if (known !== undefined) return known;
  const members = new Set(LINKS.map((type) => `value${type.charAt(0).toUpperCase()}${type.slice(1)}`));
  const seen = new Set<string>();
  const visit = (typeName: string): void => {
    if (seen.has(typeName)) return;
    seen.add(typeName);
    for (const { name, choice, types } of registry.type(typeName)?.elements ?? []) {
      for (const type of types) {
        if (!LINKS.includes(type)) visit(type);
        else members.add(choice ? `${name}${type.charAt(0).toUpperCase()}${type.slice(1)}` : name);
      }
    }
  };
  for (const type of registry.resourceTypes) visit(type);
  for (const name of NAMES) members.delete(name);
  MEMBERS.set(registry, members);
  return members;
}
