import type { Dependency } from '../../src/conformance/terminology/dependency.ts';
import { objectsAt, textAt } from '../../src/conformance/terminology/read.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isObject, type Json } from '../../src/fhir/resource.ts';

/** The dependencies stated, each an element and its value. Throws Problem `invalid` where one lacks a part or has another. */
export function dependenciesOf(stated: readonly Json[], reverse: boolean): readonly Dependency[] {
  if (reverse && stated.length > 0)
    throw wrong("A dependency is of the map's source, which 'reverse' asks for: state one of the two");
  return stated.map((parts) => {
    const { element, concept, ...others } = isObject(parts) ? parts : {};
    const [other] = Object.keys(others);
    if (other !== undefined) throw wrong(`'${other}' is no part of a dependency; it has element and concept`);
    if (typeof element !== 'string') throw wrong("A dependency needs its 'element' as a uri");
    if (!isObject(concept)) throw wrong(`The dependency on '${element}' needs its 'concept' as a CodeableConcept`);
    const codes = objectsAt(concept, 'coding').flatMap((coding) => {
      const code = textAt(coding, 'code');
      return code === undefined ? [] : [{ system: textAt(coding, 'system'), code }];
    });
    return { element, codes, text: textAt(concept, 'text') };
  });
}

const wrong = (diagnostics: string): Problem => new Problem('invalid', diagnostics, { expression: ['dependency'] });
