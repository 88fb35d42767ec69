import { isCanonicalParameter } from '../search/canonical-parameter.ts';
import { below } from '../search/index-values.ts';
import { followsLinks } from '../search/predicate-walk.ts';
import { and, or, type Predicate, type Query } from '../search/query.ts';
import { Problem } from '../fhir/problem.ts';
import { parseCanonical } from '../fhir/reference.ts';
import type { Resource } from '../fhir/resource.ts';
import type { StoredVersion } from '../store/store.ts';
import type { Call } from './context.ts';
import { storedResource } from './found-pages.ts';
import { indexValues } from './indexing.ts';
import { guarded, permitted } from './permission.ts';

/** Resources at one end of a canonical that a chain or `_has` is followed from; more are refused. */
const MOST = 500;

/** Whether the parameter links resources by canonical (references.html#canonical), which stores do not resolve. */
export const linksByCanonical = (call: Call, type: string, param: string): boolean => {
  const definition = call.world.registry.searchParameters(type).get(param);
  return definition !== undefined && isCanonicalParameter(call.world.registry, type, definition);
};

/** What the canonicals of one parameter name: each its url, with the version where one is stated; undefined for none. */
export function namedBy(call: Call, sources: readonly StoredVersion[], param: string): Predicate | undefined {
  const named = new Map<string, Predicate>();
  for (const source of sources) {
    const values = indexValues(call.world.registry, call.world.base, storedResource(source));
    for (const value of values) {
      if (value.kind !== 'reference' || value.url === null) continue;
      const unversioned = value.param === below(param) && value.url.endsWith('|');
      if (unversioned || (value.param === param && value.version !== null && value.url.includes('|')))
        named.set(value.url, byCanonical(value.url));
    }
  }
  return named.size === 0 ? undefined : or(...named.values());
}

const byCanonical = (canonical: string): Predicate => {
  const { url, version } = parseCanonical(canonical);
  const named: Predicate = { kind: 'uri', param: 'url', match: 'exact', value: url };
  return version === null || version === ''
    ? named
    : and(named, { kind: 'token', param: 'version', match: { by: 'code', code: version } });
};

/** What resources satisfy that name one of the targets by its canonical through the parameter; undefined for none. */
export function naming(targets: readonly StoredVersion[], param: string): Predicate | undefined {
  const links = targets.flatMap((target) => canonicalForms(storedResource(target), param));
  return links.length === 0 ? undefined : or(...links);
}

const canonicalForms = ({ url, version }: Resource, param: string): readonly Predicate[] => {
  if (typeof url !== 'string') return [];
  const link = (name: string, text: string): Predicate => ({
    kind: 'reference',
    param: name,
    target: { by: 'url', url: text },
  });
  const unversioned = link(below(param), `${url}|`);
  return typeof version === 'string' ? [unversioned, link(param, `${url}|${version}`)] : [unversioned];
};

/** The query with its chains and `_has` followed along canonicals too: what is at the other end is looked up first. */
export async function withCanonicalLinks(call: Call, query: Query): Promise<Query> {
  if (!followsLinks(query.where)) return query;
  const where = await followed(call, query.types, query.where);
  return where === query.where ? query : { ...query, where };
}

async function followed(call: Call, types: readonly string[], where: Predicate): Promise<Predicate> {
  switch (where.kind) {
    case 'and':
    case 'or': {
      const of = await Promise.all(where.of.map((part) => followed(call, types, part)));
      return of.every((part, at) => part === where.of[at]) ? where : { kind: where.kind, of };
    }
    case 'not': {
      const of = await followed(call, types, where.of);
      return of === where.of ? where : { kind: 'not', of };
    }
    case 'chain': {
      const end = await followed(call, [where.type], where.where);
      const chain = end === where.where ? where : { ...where, where: end };
      if (!hasUrl(call, where.type) || !types.some((type) => linksByCanonical(call, type, where.param))) return chain;
      return or(chain, naming(await found(call, where.type, end, where.param), where.param) ?? { kind: 'none' });
    }
    case 'has': {
      const end = await followed(call, [where.source], where.where);
      const has = end === where.where ? where : { ...where, where: end };
      if (!types.some((type) => hasUrl(call, type)) || !linksByCanonical(call, where.source, where.param)) return has;
      const sources = await found(call, where.source, end, where.param);
      return or(has, namedBy(call, sources, where.param) ?? { kind: 'none' });
    }
    default:
      return where;
  }
}

export const hasUrl = (call: Call, type: string): boolean =>
  call.world.registry.searchParameters(type).get('url')?.type === 'uri';

async function found(call: Call, type: string, asked: Predicate, param: string): Promise<readonly StoredVersion[]> {
  const where = and(permitted(call.caller, 's', type), guarded(call.caller, asked));
  const page = await call.world.store.search({ types: [type], where, sort: [], count: MOST + 1, total: 'none' });
  if (page.matches.length <= MOST) return page.matches;
  throw new Problem(
    'too-costly',
    `More than ${MOST} resources of type ${type} match at the end of '${param}', which refers by canonical; state more of them`,
    { expression: [param] },
  );
}
