/** Parameters that shape the answer and do not select (search.html#return); every search takes them. */
export const RESULT_PARAMETERS = [
  '_sort',
  '_count',
  '_include',
  '_revinclude',
  '_summary',
  '_elements',
  '_total',
  '_totalMethod',
  '_contained',
  '_containedType',
  '_format',
  '_pretty',
  '_type',
  '_page',
  '__explain',
] as const;

export type ResultParameter = (typeof RESULT_PARAMETERS)[number];

export const isResultParameter = (code: string | undefined): code is ResultParameter =>
  RESULT_PARAMETERS.some((it) => it === code);
