import { optional, perhapsReturned, returned } from '../../src/operation/parameters.ts';

/** What all of them share. */
export const SPECIFIED = {
  resourceType: 'OperationDefinition',
  version: '4.0.1',
  status: 'active',
  kind: 'operation',
  affectsState: false,
  system: false,
  type: true,
} as const;

/** How a code to be checked is stated, beside code and system. */
export const CODED = [
  optional('display', 'string', 'A display to check.'),
  optional('coding', 'Coding', 'The code as a Coding.'),
  optional('codeableConcept', 'CodeableConcept', 'Codes of which one must be valid.'),
  optional(
    'date',
    'dateTime',
    'The definitions must be as they were then; where one was changed since, that is refused. Default now.',
  ),
  optional('abstract', 'boolean', 'Whether a code that only groups others is valid here. Default false.'),
  optional('displayLanguage', 'code', 'Displays of every language are accepted.'),
] as const;

/** What is said of it. */
export const VERDICT = [
  returned('result', 'boolean', 'Whether the code is valid.'),
  perhapsReturned('message', 'string', 'Why it is not, or a hint.'),
  perhapsReturned('display', 'string', 'The display of the code.'),
] as const;
