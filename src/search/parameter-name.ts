/** `code[:modifier][.rest]`; rest is what a chain goes on with. */
export interface ParameterName {
  readonly code: string;
  readonly modifier: string | undefined;
  readonly rest: string | undefined;
}

const NAME = /^([^.:]+)(?::([^.:]+))?(?:\.(.+))?$/s;

/** Undefined where the name has not the form of a search parameter. */
export const parameterName = (text: string): ParameterName | undefined => {
  const match = NAME.exec(text);
  return match === null ? undefined : { code: match[1] ?? '', modifier: match[2], rest: match[3] };
};

/** `_has:Type:reference:rest` (search.html#has). */
export interface HasName {
  readonly source: string;
  readonly reference: string;
  readonly rest: string;
}

export const hasName = (text: string): HasName | undefined => {
  const match = /^_has:([A-Za-z]+):([^.:]+):(.+)$/s.exec(text);
  return match === null ? undefined : { source: match[1] ?? '', reference: match[2] ?? '', rest: match[3] ?? '' };
};
