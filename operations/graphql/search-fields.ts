import {
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
} from 'graphql';
import type { Registry } from '../../src/conformance/registry.ts';
import type { JsonObject } from '../../src/fhir/resource.ts';
import type { Found, Reads } from './reads.ts';
import { Value } from './scalars.ts';

type Pair = readonly [string, string];
type Arguments = Readonly<Record<string, unknown>>;
type Field = GraphQLFieldConfig<JsonObject, Reads>;

const RESULT: GraphQLFieldConfigArgumentMap = {
  _count: { type: GraphQLInt },
  _sort: { type: Value },
  /** A page: `next`, `previous` or `first` of a connection. */
  _cursor: { type: GraphQLID },
};
const CODES: Readonly<Record<string, string>> = { _cursor: '_page' };

/** Name of a search parameter as an argument: GraphQL names hold no hyphens (graphql.html#searching). */
const argumentName = (code: string): string => code.replace(/[^_A-Za-z0-9]/g, '_');

/** The fields that search one type, built once. Each item of a list argument must hold; commas within an item mean any. */
export class SearchFields {
  readonly #registry: Registry;
  readonly #arguments = new Map<string, GraphQLFieldConfigArgumentMap>();
  readonly #codes = new Map<string, ReadonlyMap<string, string>>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** `PatientList(name: "x")`. */
  list(type: string, resource: GraphQLObjectType): Field {
    return {
      type: new GraphQLList(new GraphQLNonNull(resource)),
      args: this.#argumentsOf(type),
      extensions: { reads: 'many' },
      resolve: async (_source, args, reads) => matches(await reads.search(type, this.#pairs(type, args))),
    };
  }

  /**
   * `ObservationList(_reference: subject)` inside of a resource: those that refer to it through the parameter. With
   * `filters`, further parameters narrow it; types that can refer to anything have none, as the schema would triple.
   */
  reverseList(type: string, resource: GraphQLObjectType, filters: boolean): Field {
    return {
      type: new GraphQLList(new GraphQLNonNull(resource)),
      args: { _reference: { type: new GraphQLNonNull(Value) }, ...(filters ? this.#argumentsOf(type) : RESULT) },
      extensions: { reads: 'many' },
      resolve: async (source, { _reference, ...args }, reads) => {
        const code = this.#codesOf(type).get(argumentName(String(_reference))) ?? String(_reference);
        const here: Pair = [code, `${source['resourceType']}/${source['id']}`];
        return matches(await reads.search(type, [here, ...this.#pairs(type, args)]));
      },
    };
  }

  /** `PatientConnection(…)`: the same with paging and counts. */
  connection(type: string, resource: GraphQLObjectType): Field {
    const page = (relation: string) => ({
      type: GraphQLID,
      resolve: ({ found }: Page) => found.cursors[relation] ?? null,
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
          description: 'How many match.',
          extensions: { reads: 'one' },
          resolve: async ({ criteria }, _args, reads) =>
            (await reads.search(type, [...criteria, ['_summary', 'count']])).total ?? null,
        },
        offset: { type: GraphQLInt, resolve: () => null },
        pagesize: { type: GraphQLInt, resolve: ({ found }) => matches(found).length },
        first: page('first'),
        previous: page('previous'),
        next: page('next'),
        last: page('last'),
        edges: { type: new GraphQLList(new GraphQLNonNull(edge)), resolve: ({ found }) => found.entries },
      },
    });
    return {
      type: connection,
      args: this.#argumentsOf(type),
      extensions: { reads: 'many' },
      resolve: async (_source, args, reads): Promise<Page> => {
        const { _count, _sort, _cursor, ...criteria } = args;
        return {
          found: await reads.search(type, this.#pairs(type, args)),
          criteria: this.#pairs(type, criteria),
        };
      },
    };
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
    return Object.entries(args).flatMap(([name, value]) => {
      const code = codes.get(name) ?? CODES[name] ?? name;
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      return values.filter((it) => it !== null && it !== undefined).map((it): Pair => [code, String(it)]);
    });
  }
}

const VALUES = new GraphQLList(Value);
interface Page {
  readonly found: Found;
  readonly criteria: readonly Pair[];
}
const matches = ({ entries }: Found) => entries.filter(({ mode }) => mode === 'match').map(({ resource }) => resource);
