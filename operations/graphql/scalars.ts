import {
  GraphQLBoolean,
  GraphQLError,
  GraphQLID,
  GraphQLInt,
  GraphQLScalarType,
  GraphQLString,
  Kind,
  type ValueNode,
} from 'graphql';

const BUILT_IN: Readonly<Record<string, GraphQLScalarType>> = {
  boolean: GraphQLBoolean,
  integer: GraphQLInt,
  positiveInt: GraphQLInt,
  unsignedInt: GraphQLInt,
  string: GraphQLString,
  id: GraphQLID,
};

/** A decimal as it was received, where a double would not be written alike. */
export class ExactDecimal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The literal of an exact decimal; undefined for all other values. */
export const exactText = (value: unknown): string | undefined =>
  value instanceof ExactDecimal ? value.text : undefined;

/** The scalar of a FHIR primitive type. Stored values are valid already and pass as they are. */
export const scalarOf = (type: string): GraphQLScalarType =>
  BUILT_IN[type] ??
  new GraphQLScalarType({ name: type, description: `FHIR ${type}`, serialize: (value) => value, ...asText });

const text = (value: unknown): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new GraphQLError('must be text, a number or a boolean');
};

const asText = {
  parseValue: text,
  parseLiteral: (node: ValueNode): string => {
    switch (node.kind) {
      case Kind.STRING:
      case Kind.ENUM:
      case Kind.INT:
      case Kind.FLOAT:
      case Kind.BOOLEAN:
        return String(node.value);
      default:
        throw new GraphQLError('must be text, a number or a boolean', { nodes: [node] });
    }
  },
};

/** A value of a search parameter or filter; codes may go unquoted: `use: official`. */
export const Value = new GraphQLScalarType({
  name: 'Value',
  description: 'Text, a number, a boolean, or a code without quotes, written as in a search URL.',
  serialize: text,
  ...asText,
});
