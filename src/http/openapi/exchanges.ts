import type { JsonObject } from '../../fhir/resource.ts';

/** Media types that resources are read and written in, FHIR JSON first. */
export type Formats = readonly string[];

const FHIR_JSON = 'application/fhir+json';
const reference = (schema: string): JsonObject => ({ $ref: `#/components/schemas/${schema}` });

/** A resource in each format; its schema is that of the JSON. */
export const content = (formats: Formats, schema: string, example?: JsonObject): JsonObject =>
  Object.fromEntries(
    formats.map((format) => [
      format,
      format === FHIR_JSON ? { schema: reference(schema), ...(example && { example }) } : {},
    ]),
  );

/** A Binary is written and read as its content too (binary.html#rest). */
const formatsOf = (formats: Formats, type: string): Formats => (type === 'Binary' ? [...formats, '*/*'] : formats);

const answer = (description: string, formats: Formats, schema: string): JsonObject => ({
  description,
  content: content(formats, schema),
});

/** A body or answer of the components; types are named as they are. */
export const body = (name: string): JsonObject => ({ $ref: `#/components/requestBodies/${name}` });
export const response = (name: string): JsonObject => ({ $ref: `#/components/responses/${name}` });
/** Every refusal carries an OperationOutcome. */
export const REFUSALS: JsonObject = { default: response('refused') };

/** Answers that more than one path has: those of a type by its name. */
export const sharedResponses = (formats: Formats, resourceTypes: readonly string[]): JsonObject => ({
  refused: answer('Refused: `issue.diagnostics` says why, `issue.expression` where.', formats, 'OperationOutcome'),
  result: answer('The result.', formats, 'Resource'),
  searchset: answer('A searchset, with links to further pages.', formats, 'Bundle'),
  history: answer('Versions, newest first, with links to further pages.', formats, 'Bundle'),
  deleted: { description: 'Deleted.' },
  'not-modified': { description: 'The client has this version already.' },
  ...Object.fromEntries(
    resourceTypes.map((type) => [type, answer(`The ${type} as it is stored.`, formatsOf(formats, type), type)]),
  ),
});

export const sharedBodies = (formats: Formats, patches: Formats, resourceTypes: readonly string[]): JsonObject => ({
  patch: { required: true, content: patchContent(patches) },
  search: SEARCH_FORM,
  batch: bodyOf(formats, 'Bundle', { resourceType: 'Bundle', type: 'batch', entry: [] }),
  ...Object.fromEntries(
    resourceTypes.map((type) => [type, bodyOf(formatsOf(formats, type), type, { resourceType: type })]),
  ),
});

const bodyOf = (formats: Formats, schema: string, example: JsonObject): JsonObject => ({
  required: true,
  content: content(formats, schema, example),
});

const OWN_SCHEMAS: Readonly<Record<string, JsonObject>> = {
  'application/json-patch+json': { schema: { type: 'array', items: { type: 'object' } } },
  'application/merge-patch+json': { schema: { type: 'object' } },
};

function patchContent(patches: Formats): JsonObject {
  const others = patches.filter((format) => !(format in OWN_SCHEMAS));
  const own = Object.entries(OWN_SCHEMAS).filter(([format]) => patches.includes(format));
  return { ...Object.fromEntries(own), ...content(others, 'Parameters') };
}

/** The form of `POST _search`. */
const SEARCH_FORM: JsonObject = {
  required: false,
  content: {
    'application/x-www-form-urlencoded': {
      schema: {
        type: 'object',
        description: 'The same parameters as in the URL of a search.',
        additionalProperties: { type: 'string' },
      },
    },
  },
};
