import { optional, required, returned } from '../../src/operation/parameters.ts';

/** The specification's own operation (patient-operation-match.html). */
export const definition = {
  resourceType: 'OperationDefinition',
  id: 'Patient-match',
  url: 'http://hl7.org/fhir/OperationDefinition/Patient-match',
  version: '4.0.1',
  name: 'PatientMatch',
  title: 'Find matching patients',
  status: 'active',
  kind: 'operation',
  description:
    'Patients who may be the one described, best first, each with a score from 0 to 1 and a grade. Identifiers, names, birth date, gender, contact points and postal codes are weighed.',
  code: 'match',
  affectsState: false,
  resource: ['Patient'],
  system: false,
  type: true,
  instance: false,
  parameter: [
    required('resource', 'Resource', 'The Patient as far as known.'),
    optional('onlyCertainMatches', 'boolean', 'Gives only the one certain match, or none.'),
    optional('count', 'integer', 'How many at most. Default: a page.'),
    returned('return', 'Bundle', 'A searchset of Patients.'),
  ],
} as const;
