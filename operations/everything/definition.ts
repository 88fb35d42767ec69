import { optional, repeated } from '../../src/operation/parameters.ts';

/** The specification's own operation (patient-operation-everything.html). */
export const definition = {
  resourceType: 'OperationDefinition',
  id: 'Patient-everything',
  url: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
  version: '4.0.1',
  name: 'PatientEverything',
  title: 'Fetch the record of a patient, or of all',
  status: 'active',
  kind: 'operation',
  description:
    'The Patient and every resource of its compartment that the caller may see, newest first, and what they refer to outside of it; on the type those of every Patient that the caller may read. Where there are more than _count, the Bundle has a next link.',
  code: 'everything',
  affectsState: false,
  resource: ['Patient'],
  system: false,
  type: true,
  instance: true,
  parameter: [
    optional('start', 'date', 'First day of care; what tells no date of care belongs to every time.'),
    optional('end', 'date', 'Last day of care.'),
    optional('_since', 'instant', 'Only resources whose current version is from this instant or later.'),
    repeated(
      '_type',
      'string',
      'Types to return, each a name or several separated by commas; those outside of the compartment where what is returned refers to them.',
    ),
    optional('_count', 'positiveInt', 'Resources on a page.'),
    optional('_page', 'string', 'Position of a page; taken from the next link.'),
    { name: 'return', use: 'out', min: 1, max: '1', type: 'Bundle', documentation: 'A searchset.' },
  ],
} as const;
