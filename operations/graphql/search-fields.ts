import {
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLString,
} from 'graphql';
import type { Registry } from '../../src/conformance/registry.ts';
import type { Json, JsonObject, Resource } from '../../src/fhir/resource.ts';
import { type Pair, searchOf } from './cursor.ts';
import { selected } from './list-arguments.ts';
import type { Found, Reads } from './reads.ts';
import { Value } from './scalars.ts';
import { slice } from './slice.ts';

type Arguments = Readonly<Record<string, unknown>>;
type Field = GraphQLFieldConfig<JsonObject, Reads>;

const RESULT: GraphQLFieldConfigArgumentMap = {
  _count: { type: GraphQLInt },
  _sort: { type: Value },
  /** Of what matches, only those of which it is true. */
  fhirpath: { type: GraphQLString },
};
/** A page: `next`, `previous` or `first` of a connection, and then nothing else is asked. */
const CURSOR: GraphQLFieldConfigArgumentMap = { _cursor: { type: GraphQLID } };
const PAGING = new Set(['_count', '_sort', '_page']);

/** Name of a search parameter as an argument: GraphQL names hold no hyphens (graphql.html#searching). */
const argumentName = (code: string): string => code.replace(/[^_A-Za-z0-9]/g, '_');

/** The fields that search one type, built once. Any item of a list argument may hold; _filter says more. */
export class SearchFields {
  readonly #registry: Registry;
  readonly #arguments = new Map<string, GraphQLFieldConfigArgumentMap>();
  readonly #codes = new Map<string, ReadonlyMap<string, string>>();
  readonly #connections = new Map<string, GraphQLObjectType<Page, Reads>>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** `PatientList(name: "x")`: all that match, or as many as `_count` says. */
  list(type: string, resource: GraphQLObjectType): Field {
    return {
      type: new GraphQLList(new GraphQLNonNull(resource)),
      args: this.#argumentsOf(type),
      extensions: { reads: 'many' },
      resolve: (_source, args, reads, info) => this.#listed(type, this.#pairs(type, args), args, reads, info),
    };
  }

  /**
   * `ObservationList(_reference: subject)` inside of a resource: those that refer to it through the parameter. With
   * `filters`, further parameters narrow it; types that can refer to anything have none, as the schema would triple.
   */
  reverseList(type: string, resource: GraphQLObjectType, filters: boolean): Field {
    return {
      type: new GraphQLList(new GraphQLNonNull(resource)),
      args: { ...REFERENCE, ...(filters ? this.#argumentsOf(type) : RESULT) },
      extensions: { reads: 'many' },
      resolve: (source, args, reads, info) => this.#listed(type, this.#reverse(type, source, args), args, reads, info),
    };
  }

  async #listed(type: string, pairs: readonly Pair[], args: Arguments, reads: Reads, info: GraphQLResolveInfo) {
    const entries =
      typeof args['_count'] === 'number' ? (await reads.search(type, pairs)).entries : await reads.all(type, pairs);
    const items = this.#chosen(type, matches(entries), args);
    slice(this.#registry, type, items, reads, info);
    return items;
  }

  /** `PatientConnection(…)`: the same with paging and counts. */
  connection(type: string, resource: GraphQLObjectType): Field {
    return {
      type: this.#connectionOf(type, resource),
      args: { ...this.#argumentsOf(type), ...CURSOR },
      extensions: { reads: 'many' },
      resolve: (_source, { _cursor, ...args }, reads) => {
        const stated = this.#pairs(type, args);
        return this.#page(type, typeof _cursor === 'string' ? searchOf(_cursor, stated) : stated, args, reads);
      },
    };
  }

  /** `ObservationConnection(_reference: subject)` inside of a resource; its cursors go on at the root of a further query. */
  reverseConnection(type: string, resource: GraphQLObjectType, filters: boolean): Field {
    return {
      type: this.#connectionOf(type, resource),
      args: { ...REFERENCE, ...(filters ? this.#argumentsOf(type) : RESULT) },
      extensions: { reads: 'many' },
      resolve: (source, args, reads) => this.#page(type, this.#reverse(type, source, args), args, reads),
    };
  }

  async #page(type: string, pairs: readonly Pair[], args: Arguments, reads: Reads): Promise<Page> {
    const { entries, cursors } = await reads.search(type, pairs);
    const chosen = new Set(this.#chosen(type, matches(entries), args));
    return {
      entries: entries.filter(({ resource }) => chosen.has(resource)),
      cursors,
      criteria: pairs.filter(([name]) => !PAGING.has(name)),
    };
  }

  #connectionOf(type: string, resource: GraphQLObjectType): GraphQLObjectType<Page, Reads> {
    const known = this.#connections.get(type);
    if (known !== undefined) return known;
    const page = (relation: string) => ({
      type: GraphQLID,
      resolve: ({ cursors }: Page) => cursors[relation] ?? null,
    });
    const edge = new GraphQLObjectType({
      name: `${type}Edge`,
      // Matches are not scored and pages have no number: what the specification names is there, and null.
      fields: { mode: { type: Value }, score: { type: GraphQLFloat }, resource: { type: resource } },
    });
    const connection = new GraphQLObjectType<Page, Reads>({
      name: `${type}Connection`,
      fields: {
        count: {
          type: GraphQLInt,
          description: 'How many match, whatever a FHIRPath leaves of them.',
          extensions: { reads: 'one' },
          resolve: async ({ criteria }, _args, reads) =>
            (await reads.search(type, [...criteria, ['_summary', 'count']])).total ?? null,
        },
        offset: { type: GraphQLInt, resolve: () => null },
        pagesize: { type: GraphQLInt, resolve: ({ entries }) => entries.length },
        first: page('first'),
        previous: page('previous'),
        next: page('next'),
        last: page('last'),
        edges: { type: new GraphQLList(new GraphQLNonNull(edge)), resolve: ({ entries }) => entries },
      },
    });
    this.#connections.set(type, connection);
    return connection;
  }

  #chosen(type: string, items: readonly Resource[], { fhirpath }: Arguments): readonly Json[] {
    return typeof fhirpath === 'string' ? selected(this.#registry, type, items, { fhirpath }) : items;
  }

  #reverse(type: string, source: JsonObject, { _reference, ...args }: Arguments): readonly Pair[] {
    const code = this.#codesOf(type).get(argumentName(String(_reference))) ?? String(_reference);
    return [[code, `${source['resourceType']}/${source['id']}`], ...this.#pairs(type, args)];
  }

  #argumentsOf(type: string): GraphQLFieldConfigArgumentMap {
    const known = this.#arguments.get(type);
    if (known !== undefined) return known;
    const codes = [...this.#codesOf(type).keys()].map((name) => [name, { type: VALUES }]);
    const made = { ...Object.fromEntries(codes), _filter: { type: VALUES }, ...RESULT };
    this.#arguments.set(type, made);
    return made;
  }

  #codesOf(type: string): ReadonlyMap<string, string> {
    const known = this.#codes.get(type);
    if (known !== undefined) return known;
    const codes = [...this.#registry.searchParameters(type).keys()];
    const made = new Map(codes.map((code) => [argumentName(code), code]));
    this.#codes.set(type, made);
    return made;
  }

  #pairs(type: string, args: Arguments): readonly Pair[] {
    const codes = this.#codesOf(type);
    return Object.entries(args).flatMap(([name, value]): readonly Pair[] => {
      if (name === 'fhirpath') return [];
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      const stated = values.filter((it) => it !== null && it !== undefined).map(String);
      return stated.length === 0 ? [] : [[codes.get(name) ?? name, stated.join(',')]];
    });
  }
}

const VALUES = new GraphQLList(Value);
const REFERENCE: GraphQLFieldConfigArgumentMap = { _reference: { type: new GraphQLNonNull(Value) } };
interface Page {
  readonly entries: Found['entries'];
  readonly cursors: Found['cursors'];
  readonly criteria: readonly Pair[];
}
const matches = (entries: Found['entries']): readonly Resource[] =>
  entries.filter(({ mode }) => mode === 'match').map(({ resource }) => resource);
