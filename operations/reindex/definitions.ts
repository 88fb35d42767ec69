import { CANONICAL } from '../../src/series/codes.ts';

const shared = {
  resourceType: 'OperationDefinition',
  version: '1.0.0',
  status: 'active',
  kind: 'operation',
  system: true,
  type: true,
  instance: false,
  resource: ['Resource'],
} as const;

const part = <const Type extends string>(name: string, min: 0 | 1, max: '1' | '*', type: Type, documentation: string) =>
  ({ name, use: 'out', min, max, type, documentation }) as const;

const progress = {
  name: 'reindexing',
  use: 'out',
  min: 0,
  max: '*',
  documentation: 'How far each type is.',
  part: [
    part('type', 1, '1', 'code', 'The resource type.'),
    part('state', 1, '1', 'code', 'running, completed or failed.'),
    part('done', 1, '1', 'integer', 'Resources indexed.'),
    part('total', 1, '1', 'integer', 'Resources to index.'),
    part('parameter', 0, '*', 'code', 'A search parameter that becomes searchable by it.'),
    part('error', 0, '1', 'string', 'What went wrong.'),
  ],
} as const;

/** Makes stored resources findable by new search parameters. */
export const reindexDefinition = {
  ...shared,
  id: 'reindex',
  url: `${CANONICAL}/OperationDefinition/reindex`,
  name: 'Reindex',
  title: 'Index stored resources anew',
  description:
    'Writes the search values of all stored resources of a type anew, in the background while requests are served; versions and bodies do not change. A search parameter made by an active SearchParameter resource is refused in searches until this has completed for its type. Answers 202 with the progress; $reindex-status tells how it goes on. Needs the right to update every resource of the type.',
  code: 'reindex',
  affectsState: true,
  parameter: [
    {
      name: 'type',
      use: 'in',
      min: 0,
      max: '*',
      type: 'code',
      documentation:
        'At system level: the resource types. Default: those with search parameters that are not searchable yet, and where there is none, all.',
    },
    {
      name: 'wait',
      use: 'in',
      min: 0,
      max: '1',
      type: 'boolean',
      documentation: 'Answer 200 when it has completed, and not at once.',
    },
    progress,
  ],
} as const;

/** How $reindex is going. */
export const reindexStatusDefinition = {
  ...shared,
  id: 'reindex-status',
  url: `${CANONICAL}/OperationDefinition/reindex-status`,
  name: 'ReindexStatus',
  title: 'How indexing anew is going',
  description:
    'Tells of the last $reindex of each type that this server process began, as far as the caller may search every resource of the type.',
  code: 'reindex-status',
  affectsState: false,
  parameter: [progress],
} as const;
