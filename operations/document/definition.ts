import { optional, returned } from '../../src/operation/parameters.ts';

/** The specification's own operation (composition-operation-document.html). */
export const definition = {
  resourceType: 'OperationDefinition',
  id: 'Composition-document',
  url: 'http://hl7.org/fhir/OperationDefinition/Composition-document',
  version: '4.0.1',
  name: 'CompositionDocument',
  title: 'Generate a document',
  status: 'active',
  kind: 'operation',
  description:
    'A Bundle of type document: the Composition and every resource that it refers to, in the version that it cites where it cites one. Nothing is stored.',
  code: 'document',
  affectsState: false,
  resource: ['Composition'],
  system: false,
  type: true,
  instance: true,
  parameter: [
    optional('id', 'uri', 'The Composition, where the operation is called on the type.'),
    optional('persist', 'boolean', 'Whether to store the document; only false is served.'),
    returned('return', 'Bundle', 'The document.'),
  ],
} as const;
