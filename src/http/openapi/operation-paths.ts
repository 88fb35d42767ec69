import { isObject, type JsonObject, listOf } from '../../fhir/resource.ts';
import type { ServedOperation } from '../../interactions/context.ts';
import { content, type Formats, REFUSALS, response } from './exchanges.ts';
import { inputParameter, ref } from './parameters.ts';

type Paths = Record<string, JsonObject>;

/** The paths of a named operation, from its definition: at each level, by POST, and by GET where a query can hold its input. */
export function operationPaths(operation: ServedOperation, formats: Formats): Paths {
  const { code, levels, types } = operation;
  const paths: Paths = {};
  if (levels.system) paths[`/$${code}`] = item(operation, formats, 'System', []);
  for (const type of types ?? ['{type}']) {
    const bound = types === undefined ? ['type'] : [];
    const tag = types === undefined ? 'Any type' : type;
    if (levels.type) paths[`/${type}/$${code}`] = item(operation, formats, tag, bound);
    if (levels.instance) paths[`/${type}/{id}/$${code}`] = item(operation, formats, tag, [...bound, 'id']);
  }
  return paths;
}

function item(operation: ServedOperation, formats: Formats, tag: string, bound: readonly string[]): JsonObject {
  const { code, definition, affectsState } = operation;
  const inputs = listOf(definition['parameter'])
    .filter(isObject)
    .filter(({ use }) => use === 'in');
  const queryable = inputs.filter(({ type }) => typeof type === 'string' && /^[a-z]/.test(type));
  const byQuery = !affectsState && inputs.every((input) => queryable.includes(input) || Number(input['min']) === 0);
  const stated = {
    tags: [tag],
    summary: `${definition['title']}`,
    description: String(definition['description'] ?? ''),
    externalDocs: { url: definition.url, description: 'OperationDefinition' },
    responses: { 200: response('result'), ...REFUSALS },
  };
  const id = (method: string) => [`$${code}`, ...(tag === 'Any type' ? [] : [tag]), ...bound, method].join('-');
  const parameters = bound.map(ref);
  return {
    ...(byQuery && {
      get: { ...stated, operationId: id('GET'), parameters: [...parameters, ...queryable.map(inputParameter)] },
    }),
    post: {
      ...stated,
      operationId: id('POST'),
      ...(parameters.length > 0 && { parameters }),
      requestBody: {
        required: inputs.some(({ min }) => Number(min) > 0),
        content: content(formats, 'Parameters', { resourceType: 'Parameters', parameter: inputs.map(exampleOf) }),
      },
    },
  };
}

/** One parameter as a client would write it, its value left to fill in. */
function exampleOf({ name, type }: JsonObject): JsonObject {
  if (typeof type !== 'string') return { name: String(name), part: [] };
  if (type === 'Resource') return { name: String(name), resource: { resourceType: 'Patient' } };
  return { name: String(name), [`value${type.charAt(0).toUpperCase()}${type.slice(1)}`]: SAMPLES[type] ?? '' };
}
const SAMPLES: Readonly<Record<string, boolean | number | JsonObject>> = {
  boolean: true,
  integer: 1,
  positiveInt: 1,
  unsignedInt: 1,
  decimal: 1.5,
};
