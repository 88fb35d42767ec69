import { optional, repeated, returned } from '../../src/operation/parameters.ts';
import { CODED, SPECIFIED, VERDICT } from './definition-parts.ts';

/** valueset-operation-expand.html */
export const expandDefinition = {
  ...SPECIFIED,
  id: 'ValueSet-expand',
  url: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand',
  name: 'ValueSetExpand',
  title: 'Value set expansion',
  description:
    'The codes of a value set: one of R4, one of this server’s own, one that is stored, or one sent along. The list is flat unless asked otherwise.',
  code: 'expand',
  resource: ['ValueSet'],
  instance: true,
  parameter: [
    optional('url', 'uri', 'Canonical of the value set.'),
    optional('valueSet', 'ValueSet', 'The value set itself.'),
    optional('valueSetVersion', 'string', 'Version of the value set.'),
    optional('context', 'uri', 'The element that the value set is bound to: [StructureDefinition url]#[path].'),
    optional('contextDirection', 'code', 'incoming or outgoing; an element is bound to one value set for both.'),
    optional('filter', 'string', 'Words that the display or code must contain.'),
    optional(
      'date',
      'dateTime',
      'The definitions must be as they were then; where one was changed since, that is refused. Default now.',
    ),
    optional('offset', 'integer', 'How many codes to leave out at the beginning.'),
    optional('count', 'integer', 'How many codes to give.'),
    optional('activeOnly', 'boolean', 'Leaves out codes that are no longer in use.'),
    optional('includeDesignations', 'boolean', 'Gives the designations of each code.'),
    repeated('designation', 'string', 'Language, or use as system|code, of the designations to give. Default all.'),
    optional('includeDefinition', 'boolean', 'Gives the definition of the value set too.'),
    optional(
      'excludeNested',
      'boolean',
      'False gives the codes below one another as in their system, and then no pages. Default true.',
    ),
    optional('excludeNotForUI', 'boolean', 'Leaves out codes that only group others.'),
    optional('displayLanguage', 'code', 'Language of the displays, where there are such.'),
    repeated('exclude-system', 'canonical', 'Code systems whose codes are left out.'),
    repeated('system-version', 'canonical', 'Versions of code systems, where the value set states none.'),
    repeated('check-system-version', 'canonical', 'As system-version; a value set that states another is refused.'),
    repeated('force-system-version', 'canonical', 'Versions of code systems, whatever the value set states.'),
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
    optional('context', 'uri', 'The element that the value set is bound to: [StructureDefinition url]#[path].'),
    optional('valueSet', 'ValueSet', 'The value set itself.'),
    optional('valueSetVersion', 'string', 'Version of the value set.'),
    optional('code', 'code', 'The code; needs a system or a context.'),
    optional('system', 'uri', 'System of the code.'),
    optional('systemVersion', 'string', 'Version of the system.'),
    ...CODED,
    ...VERDICT,
  ],
} as const;
