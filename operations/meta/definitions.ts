import { required, returned } from '../../src/operation/parameters.ts';

const SPECIFIED = {
  resourceType: 'OperationDefinition',
  version: '4.0.1',
  status: 'active',
  kind: 'operation',
  resource: ['Resource'],
} as const;

/** resource-operation-meta.html */
export const metaDefinition = {
  ...SPECIFIED,
  id: 'Resource-meta',
  url: 'http://hl7.org/fhir/OperationDefinition/Resource-meta',
  name: 'ResourceMeta',
  title: 'Profiles, tags and security labels',
  description:
    'The meta of a resource; of a type or the whole server, every profile, tag and security label that the caller may see in use.',
  code: 'meta',
  affectsState: false,
  system: true,
  type: true,
  instance: true,
  parameter: [returned('return', 'Meta', 'The meta.')],
} as const;

/** resource-operation-meta-add.html */
export const metaAddDefinition = {
  ...SPECIFIED,
  id: 'Resource-meta-add',
  url: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-add',
  name: 'ResourceMetaAdd',
  title: 'Add profiles, tags and security labels',
  description:
    'Adds profiles, tags and security labels to a resource; it becomes a new version unless it had them all.',
  code: 'meta-add',
  affectsState: true,
  system: false,
  type: false,
  instance: true,
  parameter: [required('meta', 'Meta', 'What to add.'), returned('return', 'Meta', 'The meta afterwards.')],
} as const;

/** resource-operation-meta-delete.html */
export const metaDeleteDefinition = {
  ...SPECIFIED,
  id: 'Resource-meta-delete',
  url: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-delete',
  name: 'ResourceMetaDelete',
  title: 'Remove profiles, tags and security labels',
  description: 'Removes profiles, tags and security labels from a resource; those that it has not are no error.',
  code: 'meta-delete',
  affectsState: true,
  system: false,
  type: false,
  instance: true,
  parameter: [required('meta', 'Meta', 'What to remove.'), returned('return', 'Meta', 'The meta afterwards.')],
} as const;
