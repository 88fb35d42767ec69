import type { JsonObject } from '../../fhir/resource.ts';
import { objectsAt, textAt } from './read.ts';

/** An element of the source and the codes that it has. */
export interface Dependency {
  readonly element: string;
  readonly codes: readonly { readonly system: string | undefined; readonly code: string }[];
  readonly text: string | undefined;
}
/** An element of the target and the code that a translation gives it (ConceptMap.group.element.target.product). */
export interface Product {
  readonly element: string;
  readonly system: string | undefined;
  readonly code: string;
  readonly display: string | undefined;
}

/** The elements that a translation depends on (ConceptMap.group.element.target.dependsOn) and that have not the value it needs. */
export const unmet = (target: JsonObject, known: readonly Dependency[]): readonly string[] =>
  objectsAt(target, 'dependsOn').flatMap((needed) => {
    const [element, system, value] = [textAt(needed, 'property'), textAt(needed, 'system'), textAt(needed, 'value')];
    const met = known.some(
      (it) =>
        it.element === element &&
        (it.text === value ||
          it.codes.some(({ system: of, code }) => code === value && (system === undefined || of === system))),
    );
    return met || element === undefined ? [] : [element];
  });

export const productsOf = (target: JsonObject): readonly Product[] =>
  objectsAt(target, 'product').flatMap((product) => {
    const [element, code] = [textAt(product, 'property'), textAt(product, 'value')];
    if (element === undefined || code === undefined) return [];
    return [{ element, system: textAt(product, 'system'), code, display: textAt(product, 'display') }];
  });
