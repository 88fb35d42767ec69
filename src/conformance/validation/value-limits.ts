import { compareNodes } from '../../fhir/fhirpath/comparison.ts';
import { FhirPathNode } from '../../fhir/fhirpath/node.ts';
import type { Json, JsonObject } from '../../fhir/resource.ts';
import type { Check } from './run.ts';

const LIMIT = /^(minValue|maxValue)([A-Z]\w*)$/;

const typeOf = (suffix: string): string =>
  suffix === 'Quantity' ? suffix : `${suffix.charAt(0).toLowerCase()}${suffix.slice(1)}`;

/** minValue[x] or maxValue[x] of the element's own type; a Quantity beside a date is relative to the day of entry, and not judged. */
const limitCheck = (member: string, limit: Json, type: string): Check | undefined => {
  const [, end, suffix = ''] = LIMIT.exec(member) ?? [];
  if (end === undefined || typeOf(suffix) !== type) return undefined;
  const bound = new FhirPathNode(limit, type);
  const [sign, word] = end === 'minValue' ? [1, 'least'] : [-1, 'most'];
  return (value, run, depth) => {
    const order = compareNodes(new FhirPathNode(value as Json, type), bound, run.environment);
    if (order !== undefined && order * sign < 0)
      run.fail(depth, 'value', `the profile says this must be at ${word} ${JSON.stringify(limit)}`);
  };
};

/** maxLength, minValue[x] and maxValue[x] of an element definition. */
export const limitChecks = (element: JsonObject, type: string): readonly Check[] => {
  const checks = Object.entries(element).flatMap(([member, limit]) =>
    limit === undefined ? [] : (limitCheck(member, limit, type) ?? []),
  );
  const { maxLength } = element;
  if (typeof maxLength !== 'number') return checks;
  return [
    ...checks,
    (value, run, depth) => {
      if (typeof value === 'string' && [...value].length > maxLength)
        run.fail(depth, 'value', `the profile allows ${maxLength} characters here, found ${[...value].length}`);
    },
  ];
};
