import type { Registry } from '../../src/conformance/registry.ts';
import { dateInterval } from '../../src/fhir/period.ts';
import { Problem } from '../../src/fhir/problem.ts';
import type { Predicate, Range } from '../../src/search/query.ts';

/** Search parameters that tell when care was given, the most telling first. */
const CARE_DATES = [
  'date',
  'period',
  'effective',
  'effective-time',
  'onset-date',
  'onset',
  'occurrence',
  'performed',
  'started',
  'start-date',
  'whenhandedover',
  'identified',
  'collected',
  'event-date',
  'datetime',
  'datewritten',
  'sent',
  'when',
  'recorded',
  'authoredon',
  'authored',
  'authored-on',
  'created',
];

/**
 * Narrows a type to care between two dates (patient-operation-everything.html): resources that tell no date of care
 * belong to every time. Undefined dates leave that end open. Throws Problem `invalid` where the end lies before the start.
 */
export function careBetween(
  registry: Registry,
  start: string | undefined,
  end: string | undefined,
): (type: string) => Predicate {
  const [from, to] = [start, end].map((date) => (date === undefined ? undefined : dateInterval(date)));
  if (from !== undefined && to !== undefined && to.high < from.low)
    throw new Problem('invalid', `end=${end} lies before start=${start}`, { expression: ['end'] });
  const range: Range = { ...(from && { highAtLeast: from.low }), ...(to && { lowAtMost: to.high }) };
  return (type) => {
    const parameters = registry.searchParameters(type);
    const param = CARE_DATES.find((code) => parameters.get(code)?.type === 'date');
    if (param === undefined || (from === undefined && to === undefined)) return { kind: 'all' };
    return {
      kind: 'or',
      of: [
        { kind: 'date', param, range },
        { kind: 'missing', param, of: 'date', missing: true },
      ],
    };
  };
}
