import type { Logger } from 'pino';
import type { Registry } from '../conformance/registry.ts';

/** What is known of a finished request. */
export interface Finished {
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** Milliseconds. */
  readonly took: number;
  readonly client?: string;
}

/** One line a request: no ids, no query values, no bodies, no addresses (DESIGN §4, "no PHI in logs"). */
export function requestLog(log: Logger, registry: Registry): (finished: Finished) => void {
  // Nothing but names of ours gets into these lines, so looking for what to redact would only cost time.
  const lines = log.child({}, { redact: [] });
  return ({ url, ...rest }) => {
    if (lines.isLevelEnabled('info')) lines.info({ ...rest, path: pathShape(url, registry) }, 'request');
  };
}

/** A request target with everything but names of ours masked: `/fhir/Patient/:id/_history?_since`. */
export function pathShape(url: string, registry: Registry): string {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const segments = path.split('/');
  const type = segments.find((segment) => registry.isResourceType(segment));
  const shape = segments.map((segment) => (isName(segment, registry) ? segment : ':id')).join('/');
  if (mark === -1) return shape;
  const names = url
    .slice(mark + 1)
    .split('&')
    .map((pair) => parameterName(pair, type, registry));
  return `${shape}?${[...new Set(names)].join('&')}`;
}

const OURS: ReadonlySet<string> = new Set([
  '',
  'fhir',
  'health',
  'ready',
  'page',
  'docs',
  'openapi.json',
  'metadata',
  '.well-known',
  'smart-configuration',
]);
const isName = (segment: string, registry: Registry): boolean =>
  OURS.has(segment) || registry.isResourceType(segment) || /^[$_][a-z-]{1,40}$/.test(segment);

function parameterName(pair: string, type: string | undefined, registry: Registry): string {
  const name = pair.replace(/[=:.].*$/s, '');
  if (/^_[a-zA-Z]{1,20}$/.test(name)) return name;
  return type !== undefined && registry.searchParameters(type).has(name) ? name : '…';
}
