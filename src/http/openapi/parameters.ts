import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';
import { RESULT_PARAMETERS } from '../../search/result-parameters.ts';

const ID = { type: 'string', pattern: '^[A-Za-z0-9\\-.]{1,64}$' };
const text = { type: 'string' };

const inPath = (name: string, schema: JsonObject, description: string): JsonObject => ({
  name,
  in: 'path',
  required: true,
  schema,
  description,
});
const inHeader = (name: string, description: string): JsonObject => ({ name, in: 'header', schema: text, description });
const inQuery = (name: string, description: string, schema: JsonObject = text): JsonObject => ({
  name,
  in: 'query',
  schema,
  description,
});

/** Positions of pages are the server's own; types are narrowed by their paths, at system level by `_type`. */
const NOT_STATED = new Set(['_page', '__explain', '_format', '_pretty', '_type']);
const RESULT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  _sort: 'Parameters to sort by, separated by commas; `-` before one means descending.',
  _count: 'Resources on a page.',
  _include: 'Also what the matches refer to: `Observation:subject`.',
  _revinclude: 'Also what refers to the matches: `Observation:subject`.',
  _summary: '`true`, `text`, `data`, `count` or `false`.',
  _elements: 'Elements to show, separated by commas.',
  _total: '`none`, `estimate` or `accurate`.',
};

/** Those of a search's answer, as references into the components. */
export const RESULT_REFERENCES: readonly JsonObject[] = RESULT_PARAMETERS.filter((name) => !NOT_STATED.has(name)).map(
  (name) => ref(name),
);

/** A reference to a parameter of the components. */
export function ref(name: string): JsonObject {
  return { $ref: `#/components/parameters/${name}` };
}

/** Parameters that more than one path has. `common` are the search parameters of every type, as the capability statement lists them. */
export function sharedParameters(resourceTypes: readonly string[], common: readonly JsonObject[]): JsonObject {
  const result = RESULT_PARAMETERS.filter((name) => !NOT_STATED.has(name)).map((name) => [
    name,
    inQuery(name, RESULT_DESCRIPTIONS[name] ?? 'See search.html#return.'),
  ]);
  return {
    id: inPath('id', ID, 'Logical id.'),
    version: inPath('version', ID, 'Version id.'),
    inner: inPath('inner', { enum: ['*', ...resourceTypes] }, 'The type searched in the compartment, or `*`.'),
    type: inPath('type', { enum: resourceTypes }, 'A resource type.'),
    ...Object.fromEntries(result),
    ...Object.fromEntries(common.map((param) => [String(param['name']), searchParameter(param)])),
    criteria: {
      ...inQuery('criteria', 'The search that finds what is meant: any of the search parameters of the type.'),
      schema: { type: 'object', additionalProperties: text },
      style: 'form',
      explode: true,
    },
    _type: inQuery('_type', 'Types to search, separated by commas.'),
    _since: inQuery('_since', 'Only versions made at or after this instant.'),
    _at: inQuery('_at', 'Only versions that were current at some time in this period.'),
    mode: inQuery('mode', 'Which statement.', { enum: ['full', 'normative', 'terminology'] }),
    'If-Match': inHeader('If-Match', 'The version that is replaced: `W/"3"`.'),
    'If-None-Match': inHeader('If-None-Match', 'The version that the client has: `W/"3"`.'),
    'If-Modified-Since': inHeader('If-Modified-Since', 'When the client read it.'),
    'create-only': inHeader('If-None-Match', '`*`: create, and only where nothing is there yet.'),
    'Idempotency-Key': inHeader('Idempotency-Key', 'A retry with the same key and body gets the first answer.'),
    'If-None-Exist': inHeader('If-None-Exist', 'Create only where this search finds nothing.'),
    Prefer: inHeader(
      'Prefer',
      '`return=minimal`, `return=representation`, `return=OperationOutcome`; `handling=lenient`.',
    ),
  };
}

/** A search parameter of the capability statement as a query parameter. */
export const searchParameter = (param: JsonObject): JsonObject => {
  const { name, type, documentation } = param;
  const told = typeof documentation === 'string' ? documentation : '';
  return inQuery(String(name), told === '' ? `A ${type}.` : `${told} (${type})`);
};

/** Search parameters of one type: those of every type by reference. */
export const searchParameters = (resource: JsonObject, common: ReadonlySet<string>): readonly JsonObject[] =>
  listOf(resource['searchParam'])
    .filter(isObject)
    .map((param) => (common.has(String(param['name'])) ? ref(String(param['name'])) : searchParameter(param)));

/** An operation's primitive input as query parameters. */
export const inputParameter = (parameter: JsonObject): JsonObject => ({
  ...inQuery(String(parameter['name']), String(parameter['documentation'] ?? '')),
  required: Number(parameter['min']) > 0,
});
