import { optional, repeated, returned } from '../../src/operation/parameters.ts';

/** The specification's own operation (observation-operation-lastn.html). */
export const definition = {
  resourceType: 'OperationDefinition',
  id: 'Observation-lastn',
  url: 'http://hl7.org/fhir/OperationDefinition/Observation-lastn',
  version: '4.0.1',
  name: 'ObservationLastN',
  title: 'Last n observations',
  status: 'active',
  kind: 'operation',
  description:
    'The most recent Observations of a subject for each code, newest first within a code. Codes that one Observation states together are one code; where the last ones have the same time, all of them are given.',
  code: 'lastn',
  affectsState: false,
  resource: ['Observation'],
  system: false,
  type: true,
  instance: false,
  parameter: [
    optional('max', 'positiveInt', 'How many Observations for each code. Default 1.'),
    optional('patient', 'string', 'The patient, as in a search; this or subject is needed.'),
    optional('subject', 'string', 'The subject, as in a search.'),
    repeated('category', 'string', 'Categories, as in a search; this or code is needed.'),
    repeated('code', 'string', 'Codes, as in a search.'),
    repeated('combo-code', 'string', 'Codes of Observations or their components, as in a search.'),
    repeated('date', 'string', 'When it was observed, as in a search.'),
    repeated('status', 'string', 'Status, as in a search. Without it, all of them.'),
    returned('return', 'Bundle', 'A searchset.'),
  ],
} as const;
