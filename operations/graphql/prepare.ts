import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import { type Issue, Problem } from '../../src/fhir/problem.ts';
import type { GraphqlRequest } from './graphql-request.ts';
import { requireAffordable } from './limits.ts';
import { narrowed } from './narrow.ts';

const MAX_TOKENS = 10_000;
const MAX_ERRORS = 20;

export interface Prepared {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** The query, parsed, valid for the schema and affordable. Throws Problem `invalid`, `not-supported` or `too-costly`, one issue a fault with its line and column. */
export function prepared(schema: GraphQLSchema, request: GraphqlRequest, pageSize: number): Prepared {
  const document = narrowed(parsed(request.query), (name) => isObjectType(schema.getType(name)));
  const operation = getOperationAST(document, request.operationName);
  if (!operation) throw noOperation(document, request.operationName);
  if (operation.operation !== OperationTypeNode.QUERY) {
    throw new Problem('not-supported', `$graphql only reads: a ${operation.operation} is not served`, {
      expression: ['query'],
    });
  }
  const errors = validate(schema, document, undefined, { maxErrors: MAX_ERRORS });
  if (errors.length > 0) throw malformed(errors);
  requireAffordable(schema, document, operation, request.variables, pageSize);
  const fragments = new Map(
    document.definitions.flatMap((it) => (it.kind === Kind.FRAGMENT_DEFINITION ? [[it.name.value, it]] : [])),
  );
  return { document, operation, fragments };
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) throw malformed([error]);
    throw error;
  }
}

/** What GraphQL finds wrong with a request, as a refusal. */
export function malformed(errors: readonly GraphQLError[]): Problem {
  const issues = errors.map((error): Issue => {
    const [place] = error.locations ?? [];
    const where = place === undefined ? '' : ` (line ${place.line}, column ${place.column})`;
    return { severity: 'error', code: 'invalid', diagnostics: `${error.message}${where}`, expression: ['query'] };
  });
  return new Problem('invalid', issues[0]?.diagnostics ?? 'The query is not valid GraphQL', { issues });
}

function noOperation(document: DocumentNode, name: string | undefined): Problem {
  const names = document.definitions.flatMap((it) =>
    it.kind === Kind.OPERATION_DEFINITION ? [it.name?.value ?? 'one without a name'] : [],
  );
  const reason =
    name === undefined
      ? 'operationName must say which of the operations is meant'
      : `there is no operation '${name}' in the query`;
  return new Problem('invalid', `${reason}; it has ${names.join(', ') || 'none'}`, { expression: ['operationName'] });
}
