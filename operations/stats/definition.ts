import { optional, repeated, required } from '../../src/operation/parameters.ts';

/** The specification's own operation (observation-operation-stats.html). */
export const definition = {
  resourceType: 'OperationDefinition',
  id: 'Observation-stats',
  url: 'http://hl7.org/fhir/OperationDefinition/Observation-stats',
  version: '4.0.1',
  name: 'ObservationStats',
  title: 'Observation statistics',
  status: 'active',
  kind: 'operation',
  description:
    'Statistics of a subject’s Observations: for each code an Observation with one component for each statistic. Values of Observations, of their components and of the members of panels count; units of one kind are converted to that of the newest.',
  code: 'stats',
  affectsState: false,
  resource: ['Observation'],
  system: false,
  type: true,
  instance: false,
  parameter: [
    required('subject', 'uri', 'The subject, as Patient/123.'),
    repeated('code', 'string', 'Codes of the system.'),
    optional('system', 'uri', 'System of the codes.'),
    repeated('coding', 'Coding', 'Codes as Codings.'),
    optional('duration', 'decimal', 'Hours until now.'),
    optional('period', 'Period', 'The time that counts, where duration is not stated.'),
    {
      name: 'statistic',
      use: 'in',
      min: 1,
      max: '*',
      type: 'code',
      documentation:
        'average, maximum, minimum, count, total-count, median, std-dev, sum, variance, 20-percent, 80-percent, 4-lower, 4-upper, 4-dev, 5-1, 5-2, 5-3, 5-4, skew, kurtosis, regression.',
    },
    optional('include', 'boolean', 'Whether to give the Observations that were counted.'),
    optional('limit', 'positiveInt', 'How many of them. Default 100.'),
    { name: 'statistics', use: 'out', min: 0, max: '*', type: 'Observation', documentation: 'One for each code.' },
    { name: 'source', use: 'out', min: 0, max: '*', type: 'Observation', documentation: 'What was counted.' },
  ],
} as const;
