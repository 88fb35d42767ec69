import { CANONICAL } from '../../src/series/codes.ts';

export const definition = {
  resourceType: 'OperationDefinition',
  id: 'draft-note',
  url: `${CANONICAL}/OperationDefinition/draft-note`,
  version: '1.0.0',
  name: 'DraftNote',
  title: 'Draft a progress note',
  status: 'active',
  kind: 'operation',
  description:
    'Drafts a progress note from the patient’s twin, latest risk assessment and alerts, as a DocumentReference with docStatus preliminary. Every sentence cites what it rests on (context.related, numbered). A language model writes it where one is configured and is given no identifying words; its sentences that no source supports are taken out. Otherwise a deterministic drafter writes it. meta.tag tells which.',
  code: 'draft-note',
  affectsState: true,
  resource: ['Patient'],
  system: false,
  type: false,
  instance: true,
  parameter: [
    {
      name: 'return',
      use: 'out',
      min: 1,
      max: '1',
      type: 'DocumentReference',
      documentation: 'The draft as it was stored.',
    },
  ],
} as const;
