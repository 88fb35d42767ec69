import { isObject, type JsonObject } from '../../fhir/resource.ts';

/** What every part of the description refers to, whatever its type. */
const SHARED = new Set(['Resource', 'Bundle', 'OperationOutcome', 'Parameters']);
const isTypeName = (name: string): boolean => /^[A-Z][A-Za-z]+$/.test(name);

/** The description of the system and of one resource type: a part that a page can show at once. */
export function ofType(document: JsonObject, type: string): JsonObject {
  const keepsPath = (path: string) => {
    const [, first = ''] = path.split('/');
    return first === type || !isTypeName(first);
  };
  const keepsName = (name: string) => name === type || SHARED.has(name) || !isTypeName(name);
  const { schemas, responses, requestBodies, ...components } = isObject(document['components'])
    ? document['components']
    : {};
  return {
    ...document,
    tags: ['System', 'Any type', type].map((name) => ({ name })),
    paths: kept(document['paths'], keepsPath),
    components: {
      ...components,
      schemas: kept(schemas, keepsName),
      responses: kept(responses, keepsName),
      requestBodies: kept(requestBodies, keepsName),
    },
  };
}

const kept = (members: unknown, keeps: (name: string) => boolean): JsonObject =>
  isObject(members) ? Object.fromEntries(Object.entries(members).filter(([name]) => keeps(name))) : {};
