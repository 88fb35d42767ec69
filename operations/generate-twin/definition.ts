import { CANONICAL } from '../../src/series/codes.ts';

export const definition = {
  resourceType: 'OperationDefinition',
  id: 'generate-twin',
  url: `${CANONICAL}/OperationDefinition/generate-twin`,
  version: '1.0.0',
  name: 'GenerateTwin',
  title: 'Generate digital twin',
  status: 'active',
  kind: 'operation',
  description:
    'Sums the patient’s wearable recordings and questionnaires up as a digital twin. The twin is a Composition (profile digital-twin): FHIR’s own type for a versioned document about one subject, in the patient’s compartment, readable by itself and packable as a document Bundle. Each figure is an Observation (profile twin-figure) whose derivedFrom cites the versions of the recordings it was made from. One patient has one twin: generating again makes new versions of what changed, none where nothing did, and deletes the figures that are left without data.',
  code: 'generate-twin',
  affectsState: true,
  resource: ['Patient'],
  system: false,
  type: false,
  instance: true,
  parameter: [
    {
      name: 'end',
      use: 'in',
      min: 0,
      max: '1',
      type: 'date',
      documentation: 'Last day that the twin covers. Default: the last day with a recording.',
    },
    {
      name: 'days',
      use: 'in',
      min: 0,
      max: '1',
      type: 'positiveInt',
      documentation: 'How many days it covers, 7 to 366. Default 28.',
    },
    { name: 'return', use: 'out', min: 1, max: '1', type: 'Composition', documentation: 'The twin as it was stored.' },
  ],
} as const;
