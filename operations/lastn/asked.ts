import { Problem } from '../../src/fhir/problem.ts';
import type { FhirRequest } from '../../src/interactions/request.ts';
import { parseInput } from '../../src/operation/input.ts';
import { isResultParameter } from '../../src/search/result-parameters.ts';
import { definition } from './definition.ts';

/** What $lastn is asked for: `criteria` is a search of Observations, modifiers and all. */
export type Asked = {
  readonly max: number;
  readonly criteria: readonly (readonly [name: string, value: string])[];
};

const SUBJECT = /^(?:patient|subject)(?:[:.]|$)/;
const CODED =
  /^(?:category|code|combo-code|component-code|code-value|combo-code-value|component-code-value)(?:[-:.]|$)/;

/**
 * The normal search parameters of Observation make the query (observation-operation-lastn.html); in Parameters, those
 * that the definition has. Throws Problem `invalid` where they name no subject, or neither code nor category.
 */
export function lastNAsked(request: FhirRequest): Asked {
  const own = request.query.filter(([name]) => name === 'max');
  const { max, ...stated } = parseInput(definition, { ...request, query: own }, definition.affectsState);
  const criteria = [
    ...request.query.filter(([name]) => name !== 'max' && name !== '_format' && name !== '_pretty'),
    ...Object.entries(stated).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((one) => [name, String(one)] as const),
    ),
  ];
  const shaping = criteria.find(([name]) => isResultParameter(name.split(':', 1)[0]));
  if (shaping !== undefined)
    throw new Problem('unknown-parameter', `$lastn has its own order and size; it does not take '${shaping[0]}'`, {
      expression: [shaping[0]],
    });
  if (!criteria.some(([name]) => SUBJECT.test(name)))
    throw new Problem('invalid', "$lastn needs 'patient' or 'subject'", { expression: ['patient'] });
  if (!criteria.some(([name]) => CODED.test(name)))
    throw new Problem('invalid', "$lastn needs 'category' or 'code'", { expression: ['code'] });
  return { max: typeof max === 'number' ? max : 1, criteria };
}
