import { returned } from '../../src/operation/parameters.ts';

/** The operation of the International Patient Summary guide. */
export const definition = {
  resourceType: 'OperationDefinition',
  id: 'summary',
  url: 'http://hl7.org/fhir/uv/ips/OperationDefinition/summary',
  version: '1.1.0',
  name: 'Summary',
  title: 'International patient summary',
  status: 'active',
  kind: 'operation',
  description:
    'A document of what is stored of a patient, in the sections of the International Patient Summary: problems, allergies and medications always, with an explicit statement where nothing is known; immunizations, procedures, results, vital signs and past problems where there are any. What the caller may not see is marked as withheld.',
  code: 'summary',
  affectsState: false,
  resource: ['Patient'],
  system: false,
  type: false,
  instance: true,
  parameter: [returned('return', 'Bundle', 'The document.')],
} as const;
