import { resourceId } from '../fhir/ids.ts';
import { Problem } from '../fhir/problem.ts';
import type { Registry } from '../conformance/registry.ts';
import type { Interaction, Route, RouteParams } from './context.ts';
import type { FhirRequest } from './request.ts';
import { ROUTES } from './routes.ts';

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
}
const BY_LENGTH: ReadonlyMap<number, readonly Compiled[]> = (() => {
  const groups = new Map<number, Compiled[]>();
  for (const route of ROUTES) {
    const segments = route.pattern === '' ? [] : route.pattern.split('/');
    const group = groups.get(segments.length) ?? [];
    group.push({ route, segments });
    groups.set(segments.length, group);
  }
  // A literal segment binds before a variable one: `Patient/_history` is no read.
  const weight = ({ segments }: Compiled) => segments.filter((segment) => segment.startsWith(':')).length;
  for (const group of groups.values()) group.sort((a, b) => weight(a) - weight(b));
  return groups;
})();

/** R4 posts to `_search`; fhir-kit-client 1 and readers of older editions GET it too, and mean the search without it. */
const SEARCHES: ReadonlySet<string> = new Set(['search-type', 'search-system'] satisfies readonly Interaction[]);

/** The route of a request and what its pattern bound. Throws Problem `unknown-type`, `not-found` or `method-not-allowed` (with Allow). */
export function matchRoute(registry: Registry, request: FhirRequest): { route: Route; params: RouteParams } {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const allowed = new Set<string>();
  const searching = method === 'GET' && request.path.at(-1) === '_search';
  const path = searching ? request.path.slice(0, -1) : request.path;
  for (const { route, segments } of BY_LENGTH.get(path.length) ?? []) {
    const params = bind(registry, segments, path);
    if (params === undefined || (searching && !SEARCHES.has(route.interaction))) continue;
    if (route.method === method) return { route, params };
    allowed.add(route.method);
  }
  throw nowhere(registry, request, allowed);
}

function bind(registry: Registry, segments: readonly string[], path: readonly string[]): RouteParams | undefined {
  let type = '';
  let id = '';
  let version = '';
  let inner = '';
  for (const [index, segment] of segments.entries()) {
    const value = path[index] ?? '';
    if (segment === ':type') {
      if (!registry.isResourceType(value)) return undefined;
      type = value;
    } else if (segment === ':id') {
      if (resourceId(value) === undefined) return undefined;
      id = value;
    } else if (segment === ':version') version = value;
    else if (segment === ':inner') {
      if (value !== '*' && !registry.isResourceType(value)) return undefined;
      inner = value;
    } else if (segment !== value) return undefined;
  }
  return { type, id, version, inner };
}

function nowhere(registry: Registry, request: FhirRequest, allowed: ReadonlySet<string>): Problem {
  const where = `/${request.path.join('/')}`;
  if (allowed.size > 0) {
    const list = [...allowed, ...(allowed.has('GET') ? ['HEAD'] : [])].join(', ');
    return new Problem('method-not-allowed', `${request.method} is not an interaction of ${where}; ${list} are`, {
      headers: { Allow: list },
    });
  }
  const [type = '', id] = request.path;
  if (/^[A-Z]/.test(type) && !registry.isResourceType(type)) {
    return new Problem('unknown-type', `'${type}' is not a resource type of FHIR R4`);
  }
  if (registry.isResourceType(type) && id !== undefined && !/^[$_]/.test(id) && resourceId(id) === undefined) {
    return new Problem('invalid', `'${id}' is not an id: 1 to 64 of A-Z, a-z, 0-9, '-' and '.', but neither . nor ..`);
  }
  return new Problem('not-found', `There is nothing at ${where}`);
}
