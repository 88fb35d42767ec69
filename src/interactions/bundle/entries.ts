import { Problem } from '../../fhir/problem.ts';
import { isObject, isResource, type Json, type JsonObject, listOf, type Resource } from '../../fhir/resource.ts';
import type { World } from '../context.ts';
import type { FhirRequest, Method } from '../request.ts';
import { decoded, pairsOf } from '../url-text.ts';

/** One entry of a batch or transaction, its request taken apart. */
export interface BundleEntry {
  readonly index: number;
  /** `Bundle.entry[3]`. */
  readonly expression: string;
  readonly method: Method;
  readonly segments: readonly string[];
  readonly query: readonly (readonly [string, string])[];
  /** The query as text; '' where there is none. */
  readonly criteria: string;
  readonly fullUrl?: string;
  readonly resource?: Resource;
  /** Request headers that the entry states, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const HEADERS = {
  ifMatch: 'if-match',
  ifNoneMatch: 'if-none-match',
  ifModifiedSince: 'if-modified-since',
  ifNoneExist: 'if-none-exist',
} as const;

export interface Entries {
  readonly entries: readonly BundleEntry[];
  /** What no request can be made of, by index: Problems `invalid` that name the entry. */
  readonly refused: Map<number, Problem>;
}

/** The entries of a Bundle. Throws Problem `too-large`. */
export function entriesOf(world: World, bundle: JsonObject): Entries {
  const entries = listOf(bundle['entry']);
  const limit = world.limits.bundleEntries;
  if (entries.length > limit) {
    throw new Problem('too-large', `The Bundle has ${entries.length} entries; ${limit} is the limit`, {
      expression: ['Bundle.entry'],
    });
  }
  const refused = new Map<number, Problem>();
  const understood = entries.flatMap((entry, index) => {
    try {
      return [entryOf(world, entry, index)];
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refused.set(index, error);
      return [];
    }
  });
  return { entries: understood, refused };
}

function entryOf(world: World, entry: Json, index: number): BundleEntry {
  const expression = `Bundle.entry[${index}]`;
  const bad = (diagnostics: string, element = ''): Problem =>
    new Problem('invalid', `${expression}${element} ${diagnostics}`, { expression: [`${expression}${element}`] });
  if (!isObject(entry)) throw bad('is no object');
  const { request, resource, fullUrl } = entry;
  if (!isObject(request)) throw bad('is missing', '.request');
  const { method, url } = request;
  if (typeof method !== 'string' || !METHODS.includes(method))
    throw bad(`is not one of ${METHODS.join(', ')}`, '.request.method');
  if (typeof url !== 'string') throw bad('is missing', '.request.url');
  const needsBody = method === 'POST' ? !/_search|\$/.test(url) : method === 'PUT' || method === 'PATCH';
  if (needsBody && resource === undefined) throw bad(`is missing; ${method} needs it`, '.resource');
  if (resource !== undefined && !isResource(resource)) throw bad('is no resource: it has no resourceType', '.resource');
  if (fullUrl !== undefined && typeof fullUrl !== 'string') throw bad('is no uri', '.fullUrl');
  const { segments, criteria, query } = pathOf(world, url, () =>
    bad(`'${url}' is not a URL below ${world.base}`, '.request.url'),
  );
  return {
    index,
    expression,
    method: method as Method,
    segments,
    criteria,
    query,
    ...(fullUrl !== undefined && { fullUrl }),
    ...(resource !== undefined && { resource }),
    headers: headersOf(request),
  };
}

function pathOf(world: World, url: string, bad: () => Problem) {
  const isWhole = url.startsWith(world.base) && /^(?:[/?]|$)/.test(url.slice(world.base.length));
  const relative = (isWhole ? url.slice(world.base.length) : url).replace(/^\//, '');
  if (/^[a-z][a-z0-9+.-]*:/i.test(relative)) throw bad();
  const mark = relative.indexOf('?');
  const path = mark < 0 ? relative : relative.slice(0, mark);
  const criteria = mark < 0 ? '' : relative.slice(mark + 1);
  try {
    const segments = path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decoded);
    return { segments, criteria, query: pairsOf(criteria) };
  } catch (error) {
    if (error instanceof Problem) throw bad();
    throw error;
  }
}

function headersOf(request: JsonObject): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [member, header] of Object.entries(HEADERS)) {
    const value = request[member];
    if (typeof value === 'string') headers[header] = value;
  }
  return headers;
}

/** What an entry failed by, each issue at the element of the Bundle that it is about; those without one are about `otherwise`. */
export function located(problem: Problem, { expression, method, headers }: BundleEntry, otherwise: string): Problem {
  if (problem.kind !== 'unknown-parameter' && problem.kind !== 'invalid-search') return problem.within(otherwise);
  // They name a parameter, which is no element: it stands in the text of one.
  const text = method === 'POST' && headers['if-none-exist'] !== undefined ? 'ifNoneExist' : 'url';
  const issues = problem.issues.map((issue) => ({ ...issue, expression: [`${expression}.request.${text}`] }));
  return new Problem(problem.kind, problem.message, { issues, cause: problem.cause, headers: problem.headers });
}

/** The entry as a request of its own; headers it does not state are as `inherited` says. */
export function entryRequest(entry: BundleEntry, inherited: Readonly<Record<string, string>> = {}): FhirRequest {
  const { method, segments, query, headers, resource } = entry;
  const patch = method === 'PATCH' && resource?.resourceType === 'Binary' ? binaryPatch(entry) : undefined;
  return {
    method,
    path: segments,
    query,
    headers: (name) => headers[name] ?? inherited[name],
    contentType: patch?.contentType ?? 'application/fhir+json',
    ...(patch ? { body: patch.body } : resource !== undefined && { parsed: resource }),
  };
}

/** JSON Patch inside a Bundle travels as a Binary (http.html#jsonpatch). */
function binaryPatch({ resource, expression }: BundleEntry): { contentType: string; body: Buffer } {
  const contentType = resource?.['contentType'];
  const data = resource?.['data'];
  if (typeof contentType !== 'string' || typeof data !== 'string') {
    throw new Problem('invalid', `${expression}.resource is a Binary without contentType and data`, {
      expression: [`${expression}.resource`],
    });
  }
  return { contentType: contentType.replace(/;.*$/s, '').trim().toLowerCase(), body: Buffer.from(data, 'base64') };
}
