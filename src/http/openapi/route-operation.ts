import type { Route } from '../../interactions/context.ts';
import type { JsonObject } from '../../fhir/resource.ts';
import { body, REFUSALS, response } from './exchanges.ts';
import { ref, RESULT_REFERENCES } from './parameters.ts';

/** One route of one type (or of the system, `type` ''), and what is stated about it. */
export interface Stating {
  readonly route: Route;
  readonly type: string;
  /** The type's search parameters. */
  readonly search: readonly JsonObject[];
}

const PATH_PARAMETERS = ['id', 'version', 'inner'] as const;
const READING = ['_summary', '_elements', 'If-None-Match', 'If-Modified-Since'];
const HISTORY = ['_since', '_at', '_count', '_sort', '_summary', '_elements'];

/** What OpenAPI calls an operation: one method of one path. */
export function routeOperation(stating: Stating): JsonObject {
  const { route, type } = stating;
  const bound = PATH_PARAMETERS.filter((name) => route.pattern.includes(`:${name}`)).map(ref);
  const { summary, parameters = [], ...rest } = exchange(stating);
  const own = [...bound, ...parameters];
  return {
    tags: [type === '' ? 'System' : type],
    summary,
    operationId: operationId(stating),
    ...(own.length > 0 && { parameters: own }),
    ...rest,
    ...(route.interaction === 'capabilities' && { security: [] }),
  };
}

interface Exchange {
  readonly summary: string;
  readonly parameters?: readonly JsonObject[];
  readonly requestBody?: JsonObject;
  readonly responses: JsonObject;
}

function exchange(stating: Stating): Exchange {
  const { route, type } = stating;
  const conditional = /^(PUT|PATCH|DELETE)$/.test(route.method) && !route.pattern.includes(':id');
  const criteria = conditional ? [ref('criteria')] : [];
  const where = conditional ? ' that a search finds' : '';
  const written = { 200: response(type), 201: response(type), ...REFUSALS };
  const { interaction } = route;
  switch (interaction) {
    case 'read':
    case 'vread':
      return {
        summary: interaction === 'read' ? `Read ${one(type)}` : `Read one version of ${one(type)}`,
        parameters: READING.map(ref),
        responses: { 200: response(type), 304: response('not-modified'), ...REFUSALS },
      };
    case 'search-type':
    case 'search-system':
      return searchExchange(stating);
    case 'create':
      return {
        summary: `Create ${one(type)}`,
        parameters: ['If-None-Exist', 'Idempotency-Key', 'Prefer'].map(ref),
        requestBody: body(type),
        responses: written,
      };
    case 'update':
      return {
        summary: `Replace the ${type}${where}, or create it`,
        parameters: [...criteria, ...['If-Match', 'create-only', 'Prefer'].map(ref)],
        requestBody: body(type),
        responses: written,
      };
    case 'patch':
      return {
        summary: `Change the ${type}${where}`,
        parameters: [...criteria, ...['If-Match', 'Prefer'].map(ref)],
        requestBody: body('patch'),
        responses: { 200: response(type), ...REFUSALS },
      };
    case 'delete':
      return {
        summary: `Delete ${conditional ? `each ${type}` : `the ${type}`}${where}`,
        parameters: [...criteria, ref('If-Match')],
        responses: { 204: response('deleted'), ...REFUSALS },
      };
    case 'history-instance':
    case 'history-type':
    case 'history-system':
      return {
        summary: `Versions of ${interaction === 'history-instance' ? one(type) : type || 'everything'}, newest first`,
        parameters: HISTORY.map(ref),
        responses: { 200: response('history'), ...REFUSALS },
      };
    case 'capabilities':
      return {
        summary: 'What this server does',
        parameters: [ref('mode')],
        responses: { 200: response('result'), ...REFUSALS },
      };
    case 'transaction':
      return {
        summary: 'A batch or transaction',
        parameters: ['Idempotency-Key', 'Prefer'].map(ref),
        requestBody: body('batch'),
        responses: { 200: response('Bundle'), ...REFUSALS },
      };
    default:
      return interaction satisfies never;
  }
}

function searchExchange({ route, type, search }: Stating): Exchange {
  const posted = route.method === 'POST';
  const what = route.pattern.includes(':inner') ? `what belongs to ${one(type)}` : type || 'everything';
  return {
    summary: `Search ${what}${posted ? ', criteria in a form' : ''}`,
    parameters: posted ? [] : [...search, ...RESULT_REFERENCES, ...(type === '' ? [ref('_type')] : [])],
    ...(posted && { requestBody: body('search') }),
    responses: { 200: response('searchset'), ...REFUSALS },
  };
}

const operationId = ({ route, type }: Stating): string =>
  [route.interaction, type, ...route.pattern.split('/').map((part) => part.replace(/^:type$|^:/, '')), route.method]
    .filter((part) => part !== '')
    .join('-');

const one = (type: string): string => `${/^[AEIO]/.test(type) ? 'an' : 'a'} ${type}`;
