import { Problem } from '../../fhir/problem.ts';
import type { DefinitionType } from './terminology.ts';

/** A definition that is needed and not known. */
export class NotHeld extends Problem {
  readonly type: DefinitionType;

  constructor(type: DefinitionType, url: string, version: string | undefined, expression: string) {
    const named = version === undefined ? `'${url}'` : `'${url}' in version '${version}'`;
    super('not-found', `The ${type} ${named} is not known here`, { expression: [expression] });
    this.type = type;
  }
}
