import {
  type GraphQLFieldConfig,
  type GraphQLFieldConfigMap,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
} from 'graphql';
import type { ElementDefinition, Registry } from '../../src/conformance/registry.ts';
import { literal } from '../../src/fhir/json.ts';
import { type JsonObject, listOf } from '../../src/fhir/resource.ts';
import { listArguments, selected } from './list-arguments.ts';
import type { Reads } from './reads.ts';
import { resourceField } from './references.ts';
import { ExactDecimal, scalarOf } from './scalars.ts';
import { SearchFields } from './search-fields.ts';
import { slice } from './slice.ts';

type Field = GraphQLFieldConfig<JsonObject, Reads>;
type Fields = GraphQLFieldConfigMap<JsonObject, Reads>;

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
/** `Patient.contact` is PatientContact. */
const typeName = (type: string): string => type.split('.').map(capital).join('');

/** The registry's types as GraphQL types; each is made when first referred to. */
export class Types {
  readonly search: SearchFields;
  /** What all resources have: the type of `Reference.resource`, `contained` and Bundle entries. */
  readonly resource: GraphQLInterfaceType;
  readonly #registry: Registry;
  readonly #objects = new Map<string, GraphQLObjectType>();
  readonly #scalars = new Map<string, GraphQLScalarType>();
  readonly #referring: ReadonlyMap<string, ReadonlyMap<string, boolean>>;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.search = new SearchFields(registry);
    this.#referring = referringTypes(registry);
    this.resource = new GraphQLInterfaceType({
      name: 'Resource',
      fields: () => this.#elementFields('Resource'),
      resolveType: (value: JsonObject) => String(value['resourceType']),
    });
  }

  /** The object type of a resource, data type or backbone element. */
  object(type: string): GraphQLObjectType {
    const known = this.#objects.get(type);
    if (known !== undefined) return known;
    const isResource = this.#registry.isResourceType(type);
    const made = new GraphQLObjectType<JsonObject, Reads>({
      name: typeName(type),
      ...(isResource && { interfaces: () => [this.resource] }),
      fields: () => ({
        ...this.#elementFields(type),
        ...(type === 'Reference' && { resource: resourceField(this.resource) }),
        ...(isResource && this.#reverseFields(type)),
      }),
    });
    this.#objects.set(type, made);
    return made;
  }

  #reverseFields(type: string): Fields {
    const fields = [...(this.#referring.get(type) ?? [])].flatMap(([source, close]) => [
      [`${source}List`, this.search.reverseList(source, this.object(source), close)],
      [`${source}Connection`, this.search.reverseConnection(source, this.object(source), close)],
    ]);
    return Object.fromEntries(fields);
  }

  #elementFields(type: string): Fields {
    const fields: Fields = {};
    const definition = this.#registry.type(type);
    if (definition?.kind === 'resource') fields['resourceType'] = { type: this.#scalar('code') };
    for (const element of definition?.elements ?? []) {
      for (const itsType of element.choice ? element.types : element.types.slice(0, 1)) {
        const member = element.choice ? `${element.name}${capital(itsType)}` : element.name;
        fields[member] = this.#field(element, member, itsType);
        if (this.#isPrimitive(itsType) && member !== 'id') fields[`_${member}`] = this.#companion(element);
      }
    }
    return fields;
  }

  #field({ max }: ElementDefinition, member: string, type: string): Field {
    const output = this.#output(type);
    if (max > 1) {
      return {
        type: new GraphQLList(output),
        args: listArguments(this.#registry.type(type), (name) => this.#isPrimitive(name)),
        resolve: (source, args, reads, info) => {
          if (source[member] === undefined) return null;
          const all = listOf(source[member]);
          for (const item of all) reads.own(item, source);
          const items = Object.keys(args).length === 0 ? all : selected(this.#registry, type, all, args);
          slice(this.#registry, type, items, reads, info);
          return items;
        },
      };
    }
    if (type === 'decimal') {
      return {
        type: output,
        resolve: (source) => {
          const text = literal(source, member);
          return text === '' || text === String(source[member]) ? source[member] : new ExactDecimal(text);
        },
      };
    }
    if (this.#isPrimitive(type)) return { type: output };
    return {
      type: output,
      resolve: (source, _args, reads) => {
        const value = source[member];
        reads.own(value, source);
        return value;
      },
    };
  }

  /** `_birthDate`: id and extensions of a primitive. */
  #companion({ max }: ElementDefinition): Field {
    const element = this.object('Element');
    return { type: max > 1 ? new GraphQLList(element) : element };
  }

  #output(type: string): GraphQLOutputType {
    if (type === 'Resource') return this.resource;
    return this.#isPrimitive(type) ? this.#scalar(type) : this.object(type);
  }

  #scalar(type: string): GraphQLScalarType {
    const known = this.#scalars.get(type);
    if (known !== undefined) return known;
    const made = scalarOf(type);
    this.#scalars.set(type, made);
    return made;
  }

  #isPrimitive(type: string): boolean {
    return this.#registry.type(type)?.kind === 'primitive-type';
  }
}

/** A parameter that may refer to more types than this refers to anything. */
const OPEN = 100;

/** For each type, the types with a search parameter that may refer to it; true where one is meant for few types. */
function referringTypes(registry: Registry): ReadonlyMap<string, ReadonlyMap<string, boolean>> {
  const referring = new Map<string, Map<string, boolean>>();
  for (const source of registry.resourceTypes) {
    for (const { type, targets } of registry.searchParameters(source).values()) {
      if (type !== 'reference') continue;
      for (const target of targets) {
        const sources = referring.get(target) ?? new Map<string, boolean>();
        sources.set(source, (sources.get(source) ?? false) || targets.length <= OPEN);
        referring.set(target, sources);
      }
    }
  }
  return referring;
}
