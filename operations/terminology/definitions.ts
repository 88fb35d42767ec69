import { optional, perhapsReturned, repeated, returned } from '../../src/operation/parameters.ts';

const SPECIFIED = {
  resourceType: 'OperationDefinition',
  version: '4.0.1',
  status: 'active',
  kind: 'operation',
  affectsState: false,
  system: false,
  type: true,
} as const;

const CODED = [
  optional('display', 'string', 'A display to check.'),
  optional('coding', 'Coding', 'The code as a Coding.'),
  optional('codeableConcept', 'CodeableConcept', 'Codes of which one must be valid.'),
  optional('abstract', 'boolean', 'Whether a code that only groups others is valid here. Default false.'),
  optional('displayLanguage', 'code', 'Displays of every language are accepted.'),
] as const;
const VERDICT = [
  returned('result', 'boolean', 'Whether the code is valid.'),
  perhapsReturned('message', 'string', 'Why it is not, or a hint.'),
  perhapsReturned('display', 'string', 'The display of the code.'),
] as const;

/** valueset-operation-expand.html */
export const expandDefinition = {
  ...SPECIFIED,
  id: 'ValueSet-expand',
  url: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand',
  name: 'ValueSetExpand',
  title: 'Value set expansion',
  description:
    'The codes of a value set: one of R4, one of this server’s own, one that is stored, or one sent along. The list is flat.',
  code: 'expand',
  resource: ['ValueSet'],
  instance: true,
  parameter: [
    optional('url', 'uri', 'Canonical of the value set.'),
    optional('valueSet', 'ValueSet', 'The value set itself.'),
    optional('valueSetVersion', 'string', 'Version of the value set.'),
    optional('filter', 'string', 'Words that the display or code must contain.'),
    optional('offset', 'integer', 'How many codes to leave out at the beginning.'),
    optional('count', 'integer', 'How many codes to give.'),
    optional('activeOnly', 'boolean', 'Leaves out codes that are no longer in use.'),
    optional('includeDesignations', 'boolean', 'Gives the designations of each code.'),
    optional('includeDefinition', 'boolean', 'Gives the definition of the value set too.'),
    optional('excludeNested', 'boolean', 'The list is flat either way.'),
    optional('excludeNotForUI', 'boolean', 'Leaves out codes that only group others.'),
    optional('displayLanguage', 'code', 'Language of the displays, where there are such.'),
    returned('return', 'ValueSet', 'The expansion.'),
  ],
} as const;

/** valueset-operation-validate-code.html */
export const validateInValueSetDefinition = {
  ...SPECIFIED,
  id: 'ValueSet-validate-code',
  url: 'http://hl7.org/fhir/OperationDefinition/ValueSet-validate-code',
  name: 'ValueSetValidateCode',
  title: 'Value set based validation',
  description: 'Whether a code is in a value set.',
  code: 'validate-code',
  resource: ['ValueSet'],
  instance: true,
  parameter: [
    optional('url', 'uri', 'Canonical of the value set.'),
    optional('valueSet', 'ValueSet', 'The value set itself.'),
    optional('valueSetVersion', 'string', 'Version of the value set.'),
    optional('code', 'code', 'The code; needs a system.'),
    optional('system', 'uri', 'System of the code.'),
    optional('systemVersion', 'string', 'Version of the system.'),
    ...CODED,
    ...VERDICT,
  ],
} as const;

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
    optional('displayLanguage', 'code', 'Language of the display, where there is one.'),
    repeated('property', 'code', 'Properties to give; all of them where none is named.'),
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

/** conceptmap-operation-translate.html */
export const translateDefinition = {
  ...SPECIFIED,
  id: 'ConceptMap-translate',
  url: 'http://hl7.org/fhir/OperationDefinition/ConceptMap-translate',
  name: 'ConceptMapTranslate',
  title: 'Concept translation',
  description: 'What concept maps make of a code: those of R4 and those stored, or one of them.',
  code: 'translate',
  resource: ['ConceptMap'],
  instance: true,
  parameter: [
    optional('url', 'uri', 'Canonical of the concept map.'),
    optional('conceptMap', 'ConceptMap', 'The concept map itself.'),
    optional('conceptMapVersion', 'string', 'Version of the concept map.'),
    optional('code', 'code', 'The code; needs a system.'),
    optional('system', 'uri', 'System of the code.'),
    optional('version', 'string', 'Version of the system; maps do not depend on it here.'),
    optional('source', 'uri', 'Value set of the source.'),
    optional('coding', 'Coding', 'The code as a Coding.'),
    optional('codeableConcept', 'CodeableConcept', 'Codes, each of which is translated.'),
    optional('target', 'uri', 'Value set in which a translation is sought.'),
    optional('targetsystem', 'uri', 'Code system in which a translation is sought.'),
    optional('reverse', 'boolean', 'Reads the map from target to source.'),
    returned('result', 'boolean', 'Whether there is a translation.'),
    perhapsReturned('message', 'string', 'Why there is none.'),
    {
      name: 'match',
      use: 'out',
      min: 0,
      max: '*',
      documentation: 'What the code can be translated to.',
      part: [
        perhapsReturned('equivalence', 'code', 'How near it is.'),
        perhapsReturned('concept', 'Coding', 'The translation.'),
        perhapsReturned('source', 'uri', 'The map that says so.'),
      ],
    },
  ],
} as const;
