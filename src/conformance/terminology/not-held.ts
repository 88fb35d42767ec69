import { Problem } from '../../fhir/problem.ts';

/** A definition that is not known where it was looked for; callers with more places to look can go on from `url`. */
export class NotHeld extends Problem {
  readonly type: 'CodeSystem' | 'ValueSet' | 'ConceptMap';
  readonly url: string;
  readonly version: string | undefined;
  /** The answer would be better with it, and there is one without. */
  readonly optional: boolean;

  constructor(type: NotHeld['type'], url: string, version: string | undefined, expression: string, optional = false) {
    const named = version === undefined ? `'${url}'` : `'${url}' in version '${version}'`;
    super('not-found', `The ${type} ${named} is not known here`, { expression: [expression] });
    this.type = type;
    this.url = url;
    this.version = version;
    this.optional = optional;
  }
}
