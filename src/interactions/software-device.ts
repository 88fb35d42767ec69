import type { Resource } from '../fhir/resource.ts';

/** The server itself, as author and performer of what it derives. Written along with the first thing it makes. */
export const SOFTWARE_DEVICE: Resource & { readonly id: string } = {
  resourceType: 'Device',
  id: 'novamind',
  status: 'active',
  deviceName: [{ name: 'NovaMind', type: 'user-friendly-name' }],
  type: { text: 'Software that derives, predicts and drafts' },
};
