import {
  DirectiveLocation,
  type GraphQLFieldConfigMap,
  GraphQLDirective,
  GraphQLID,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  specifiedDirectives,
} from 'graphql';
import type { Registry } from '../../src/conformance/registry.ts';
import type { JsonObject } from '../../src/fhir/resource.ts';
import type { Reads } from './reads.ts';
import { SLICE } from './slice.ts';
import { Types } from './types.ts';

const onField = (name: string, description: string) =>
  new GraphQLDirective({ name, description, locations: [DirectiveLocation.FIELD] });

/** graphql.html#flattening; shape.ts does what they ask. */
const DIRECTIVES = [
  onField('flatten', 'The fields within take the place of this one, each as a list.'),
  onField('singleton', 'Under a flattened field: one value, no list.'),
  onField('first', 'Only the first item of the list.'),
  SLICE,
];

const types = new WeakMap<Registry, Types>();
const schemas = new WeakMap<Registry, Map<string, GraphQLSchema>>();

/**
 * The schema of the whole server (`root` undefined) or of one resource of type `root`, made from the registry when
 * first asked for: a server that is never asked never pays for it.
 */
export function schemaOf(registry: Registry, root?: string): GraphQLSchema {
  const made = schemas.get(registry) ?? new Map<string, GraphQLSchema>();
  schemas.set(registry, made);
  const known = made.get(root ?? '');
  if (known !== undefined) return known;
  const shop = types.get(registry) ?? new Types(registry);
  types.set(registry, shop);
  const schema = new GraphQLSchema({
    query: root === undefined ? systemQuery(registry, shop) : shop.object(root),
    types: registry.resourceTypes.map((type) => shop.object(type)),
    directives: [...specifiedDirectives, ...DIRECTIVES],
  });
  made.set(root ?? '', schema);
  return schema;
}

function systemQuery(registry: Registry, shop: Types): GraphQLObjectType<JsonObject, Reads> {
  const fields: GraphQLFieldConfigMap<JsonObject, Reads> = {};
  for (const type of registry.resourceTypes) {
    const resource = shop.object(type);
    fields[type] = {
      type: resource,
      args: { id: { type: new GraphQLNonNull(GraphQLID) } },
      extensions: { reads: 'one' },
      resolve: (_source, { id }, reads) => reads.resource(type, id),
    };
    fields[`${type}List`] = shop.search.list(type, resource);
    fields[`${type}Connection`] = shop.search.connection(type, resource);
  }
  return new GraphQLObjectType({ name: 'Query', fields });
}
