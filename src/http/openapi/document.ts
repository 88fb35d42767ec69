import { isObject, type Json, type JsonObject, listOf } from '../../fhir/resource.ts';
import { capabilityStatement } from '../../interactions/capability-statement.ts';
import type { Route, World } from '../../interactions/context.ts';
import { type Formats, sharedBodies, sharedResponses } from './exchanges.ts';
import { operationPaths } from './operation-paths.ts';
import { searchParameters, sharedParameters } from './parameters.ts';
import { routeOperation } from './route-operation.ts';
import { resourceSchemas } from './schemas.ts';

/**
 * The OpenAPI 3.1 description of the FHIR interface. It is made from what the capability statement is made from, and
 * from the statement itself: a route, type, search parameter or operation is in both or in neither.
 */
export function openApiDocument(world: World, routes: readonly Route[]): JsonObject {
  const statement = capabilityStatement(world, routes, world.now());
  const [rest = {}] = listOf(statement['rest']).filter(isObject);
  const { resourceTypes } = world.registry;
  const formats = mediaTypes(statement['format']);
  const common = listOf(rest['searchParam']).filter(isObject);
  return {
    openapi: '3.1.0',
    info: {
      title: 'NovaMind FHIR R4',
      version: world.version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Authorise with an access token; in development and test, `npm run --silent token -- --scope "system/*.cruds"` prints one. Search parameters may be repeated (all must hold) and hold several values separated by commas (one must hold).',
    },
    externalDocs: { url: 'https://hl7.org/fhir/R4/', description: 'FHIR R4' },
    // A path, so that it holds behind every host name that leads here.
    servers: [{ url: new URL(world.base).pathname }],
    security: [{ bearer: [] }],
    tags: ['System', 'Any type', ...resourceTypes].map((name) => ({ name })),
    paths: paths(world, routes, rest, formats),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      parameters: sharedParameters(resourceTypes, common),
      responses: sharedResponses(formats, resourceTypes),
      requestBodies: sharedBodies(formats, mediaTypes(statement['patchFormat']), resourceTypes),
      schemas: resourceSchemas(world.registry),
    },
  };
}

function paths(world: World, routes: readonly Route[], rest: JsonObject, formats: Formats): JsonObject {
  const common = listOf(rest['searchParam']).filter(isObject);
  const commonNames = new Set(common.map(({ name }) => String(name)));
  const resources = new Map(
    listOf(rest['resource'])
      .filter(isObject)
      .map((resource) => [String(resource['type']), searchParameters(resource, commonNames)]),
  );
  const compartments = listOf(rest['compartment']).map((url) => String(url).split('/').at(-1)?.toLowerCase());
  const typesOf = ({ pattern }: Route): readonly string[] => {
    if (!pattern.includes(':type')) return [''];
    const types = [...resources.keys()];
    return pattern.includes(':inner') ? types.filter((type) => compartments.includes(type.toLowerCase())) : types;
  };
  const found: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    for (const type of typesOf(route)) {
      const path = `/${route.pattern.replace(':type', type).replace(/:(\w+)/g, '{$1}')}`;
      const search =
        route.pattern.includes(':inner') || type === '' ? common.map(nameRef) : (resources.get(type) ?? []);
      const methods = found[path] ?? {};
      methods[route.method.toLowerCase()] = routeOperation({ route, type, search });
      found[path] = methods;
    }
  }
  const named = world.operations.map((operation) => operationPaths(operation, formats));
  return Object.assign(found, ...named);
}

const nameRef = ({ name }: JsonObject): JsonObject => ({ $ref: `#/components/parameters/${name}` });

/** Those of a statement's list that are media types, short names left out. */
const mediaTypes = (list: Json | undefined): readonly string[] =>
  listOf(list)
    .map(String)
    .filter((name) => name.includes('/'));
