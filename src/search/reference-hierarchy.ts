import type { Registry, SearchParameterDefinition } from '../conformance/registry.ts';
import { resourceId } from '../fhir/ids.ts';
import { parseReference } from '../fhir/reference.ts';
import { type Asked, refuse, unsupported } from './asked.ts';
import { unescaped } from './escape.ts';
import { or, type Predicate } from './query.ts';
import { type SearchScope, spend, targetTypes } from './search-scope.ts';

/** Levels of a hierarchy that are followed; one that is deeper is searched no deeper. */
const LEVELS = 7;
const PARENTS = ['partof', 'part-of'];

/**
 * `:below` and `:above` of references into a hierarchy (search.html#recursive): `location:below=Location/1` finds what
 * refers to the location or to a part of it, up to seven levels of parts.
 */
export const inReferenceHierarchy = (
  scope: SearchScope,
  definitions: readonly SearchParameterDefinition[],
  asked: Asked,
): Predicate => {
  const { registry, base } = scope;
  const targets = targetTypes(registry, definitions);
  const text = unescaped(asked.value);
  const parsed = parseReference(text, base);
  const hierarchies = targets.filter((type) => parentOf(registry, type) !== undefined);
  if (parsed?.kind === 'absolute' || parsed?.kind === 'urn')
    return unsupported(
      asked.name,
      `:${asked.modifier} follows resources on this server, not '${text}' or its versions`,
    );
  const id = parsed?.kind === 'local' ? parsed.id : resourceId(text);
  if (id === undefined) return refuse(asked.name, `'${text}' is no reference: use Type/id`);
  const type = parsed?.kind === 'local' ? parsed.type : hierarchies.length === 1 ? hierarchies[0] : undefined;
  if (type === undefined) return refuse(asked.name, `say which type '${text}' is, one of ${hierarchies.join(', ')}`);
  if (!targets.includes(type)) return refuse(asked.name, `it cannot point at ${type}`);
  const parent = parentOf(registry, type);
  if (parent === undefined)
    return refuse(
      asked.name,
      `:${asked.modifier} needs a hierarchy, and ${type} has no parameter ${PARENTS.join(' or ')}`,
    );
  spend(scope, LEVELS * LEVELS);
  const { param } = asked;
  const itself: Predicate = { kind: 'reference', param, target: { by: 'local', type, id } };
  const step = asked.modifier === 'below' ? partOf(type, parent) : holderOf(type, parent);
  let where: Predicate =
    asked.modifier === 'below'
      ? { kind: 'reference', param: parent, target: { by: 'local', type, id } }
      : { kind: 'has', source: type, param: parent, where: { kind: 'id', ids: [id] } };
  const levels: Predicate[] = [itself];
  for (let level = 1; level <= LEVELS; level += 1) {
    levels.push({ kind: 'chain', param, type, where });
    where = step(where);
  }
  return or(...levels);
};

const partOf =
  (type: string, parent: string) =>
  (where: Predicate): Predicate => ({ kind: 'chain', param: parent, type, where });
const holderOf =
  (type: string, parent: string) =>
  (where: Predicate): Predicate => ({ kind: 'has', source: type, param: parent, where });

/** The parameter by which resources of the type refer to the one they are part of. */
const parentOf = (registry: Registry, type: string): string | undefined =>
  PARENTS.find((code) => registry.searchParameters(type).get(code)?.targets.includes(type));
