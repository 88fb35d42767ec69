/** The specification's own operation (resource-operation-graphql.html); what can be asked is in graphql.html. */
export const definition = {
  resourceType: 'OperationDefinition',
  id: 'Resource-graphql',
  url: 'http://hl7.org/fhir/OperationDefinition/Resource-graphql',
  version: '4.0.1',
  name: 'Graphql',
  title: 'Read by GraphQL',
  status: 'active',
  kind: 'operation',
  description:
    'Answers a GraphQL query over the whole server or one resource, reading only what the caller may read and search. The query comes as the parameter, as a body of application/graphql, or in a JSON body with its variables and operationName. The answer is application/json: data, and errors with an OperationOutcome in extensions.resource. A query that is malformed, does not fit the schema or asks for too much is refused with 400.',
  code: 'graphql',
  affectsState: false,
  resource: ['Resource'],
  system: true,
  type: false,
  instance: true,
  parameter: [
    { name: 'query', use: 'in', min: 1, max: '1', type: 'string', documentation: 'The GraphQL document.' },
    { name: 'result', use: 'out', min: 1, max: '1', type: 'Binary', documentation: 'Always application/json.' },
  ],
} as const;
