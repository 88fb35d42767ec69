import { optional, perhapsReturned, repeated, returned } from '../../src/operation/parameters.ts';
import { CODED, SPECIFIED, VERDICT } from './definition-parts.ts';

/** codesystem-operation-validate-code.html */
export const validateInSystemDefinition = {
  ...SPECIFIED,
  id: 'CodeSystem-validate-code',
  url: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-validate-code',
  name: 'CodeSystemValidateCode',
  title: 'Code system based validation',
  description: 'Whether a code is in a code system.',
  code: 'validate-code',
  resource: ['CodeSystem'],
  instance: true,
  parameter: [
    optional('url', 'uri', 'Canonical of the code system.'),
    optional('codeSystem', 'CodeSystem', 'The code system itself.'),
    optional('code', 'code', 'The code.'),
    optional('version', 'string', 'Version of the code system.'),
    ...CODED,
    ...VERDICT,
  ],
} as const;

/** codesystem-operation-lookup.html */
export const lookupDefinition = {
  ...SPECIFIED,
  id: 'CodeSystem-lookup',
  url: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup',
  name: 'CodeSystemLookup',
  title: 'Concept look up',
  description: 'What a code system says of a code.',
  code: 'lookup',
  resource: ['CodeSystem'],
  instance: false,
  parameter: [
    optional('code', 'code', 'The code; needs a system.'),
    optional('system', 'uri', 'System of the code.'),
    optional('version', 'string', 'Version of the system.'),
    optional('coding', 'Coding', 'The code as a Coding.'),
    optional(
      'date',
      'dateTime',
      'The code system must be as it was then; where it was changed since, that is refused. Default now.',
    ),
    optional('displayLanguage', 'code', 'Language of the display, where there is one.'),
    repeated(
      'property',
      'code',
      'Properties to give, designation and lang.[code] among them; all where none is named.',
    ),
    returned('name', 'string', 'Name of the code system.'),
    perhapsReturned('version', 'string', 'Version of the code system.'),
    returned('display', 'string', 'Display of the code.'),
    {
      name: 'designation',
      use: 'out',
      min: 0,
      max: '*',
      documentation: 'Other words for it.',
      part: [
        perhapsReturned('language', 'code', 'Its language.'),
        perhapsReturned('use', 'Coding', 'How it is used.'),
        returned('value', 'string', 'The words.'),
      ],
    },
    {
      name: 'property',
      use: 'out',
      min: 0,
      max: '*',
      documentation: 'What else is said of it: definition, parent, child, and what the system defines.',
      part: [
        returned('code', 'code', 'Name of the property.'),
        perhapsReturned('value', 'Element', 'Its value.'),
        perhapsReturned('description', 'string', 'The value for reading.'),
      ],
    },
  ],
} as const;

/** codesystem-operation-subsumes.html */
export const subsumesDefinition = {
  ...SPECIFIED,
  id: 'CodeSystem-subsumes',
  url: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-subsumes',
  name: 'CodeSystemSubsumes',
  title: 'Subsumption testing',
  description: 'How two codes of a code system relate in its hierarchy.',
  code: 'subsumes',
  resource: ['CodeSystem'],
  instance: true,
  parameter: [
    optional('codeA', 'code', 'One code.'),
    optional('codeB', 'code', 'The other code.'),
    optional('system', 'uri', 'The code system, unless called on one.'),
    optional('version', 'string', 'Version of the code system.'),
    optional('codingA', 'Coding', 'One code as a Coding.'),
    optional('codingB', 'Coding', 'The other code as a Coding.'),
    returned('outcome', 'code', 'equivalent, subsumes, subsumed-by or not-subsumed.'),
  ],
} as const;
