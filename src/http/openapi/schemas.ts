import type { ElementDefinition, Registry } from '../../conformance/registry.ts';
import type { JsonObject } from '../../fhir/resource.ts';

const RESOURCE = {
  type: 'object',
  description:
    'Any resource. What it must hold in full is said by its StructureDefinition; POST [type]/$validate checks it.',
  required: ['resourceType'],
  properties: {
    resourceType: { type: 'string' },
    id: { type: 'string' },
    meta: { type: 'object' },
  },
};
const JSON_TYPES: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  integer: 'integer',
  positiveInt: 'integer',
  unsignedInt: 'integer',
  decimal: 'number',
};

/** A schema for each resource type, its own elements only; `Resource` for any. */
export const resourceSchemas = (registry: Registry): JsonObject => ({
  Resource: RESOURCE,
  ...Object.fromEntries(registry.resourceTypes.map((type) => [type, schemaOf(registry, type)])),
});

function schemaOf(registry: Registry, type: string): JsonObject {
  const elements = registry.type(type)?.elements ?? [];
  const required = elements.filter(({ min, choice }) => min > 0 && !choice).map(({ name }) => name);
  const properties = elements.flatMap((element) =>
    membersOf(element).map(([member, itsType]) => [member, valueSchema(registry, element, itsType)] as const),
  );
  return {
    type: 'object',
    externalDocs: { url: `https://hl7.org/fhir/R4/${type.toLowerCase()}.html` },
    required: ['resourceType', ...required],
    properties: { resourceType: { const: type }, ...Object.fromEntries(properties) },
  };
}

const membersOf = ({ name, choice, types }: ElementDefinition): readonly (readonly [string, string])[] =>
  choice
    ? types.map((type) => [`${name}${type.charAt(0).toUpperCase()}${type.slice(1)}`, type] as const)
    : [[name, types[0] ?? 'string']];

function valueSchema(registry: Registry, { max }: ElementDefinition, type: string): JsonObject {
  const isPrimitive = registry.type(type)?.kind === 'primitive-type' || type.startsWith('http');
  const one =
    type === 'Resource'
      ? { $ref: '#/components/schemas/Resource' }
      : { type: isPrimitive ? (JSON_TYPES[type] ?? 'string') : 'object' };
  return max > 1 ? { type: 'array', items: one } : one;
}
