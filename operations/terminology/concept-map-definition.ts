import { optional, perhapsReturned, returned } from '../../src/operation/parameters.ts';
import { SPECIFIED } from './definition-parts.ts';

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
    {
      name: 'dependency',
      use: 'in',
      min: 0,
      max: '*',
      documentation: 'What else is known of the source; a map may say something only where it has that value.',
      part: [
        optional('element', 'uri', 'The element that it is the value of.'),
        optional('concept', 'CodeableConcept', 'The value.'),
      ],
    },
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
        {
          name: 'product',
          use: 'out',
          min: 0,
          max: '*',
          documentation: 'What else the translation gives a value.',
          part: [perhapsReturned('element', 'uri', 'The element.'), perhapsReturned('concept', 'Coding', 'Its value.')],
        },
        perhapsReturned('source', 'uri', 'The map that says so.'),
      ],
    },
  ],
} as const;
