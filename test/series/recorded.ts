import type { JsonObject, Resource } from '../../src/fhir/resource.ts';
import { type Code, SLEEP_DURATION, SLEEP_STAGES, UCUM } from '../../src/series/codes.ts';
import type { Recorded } from '../../src/series/recorded.ts';

/** Resources as the series layer reads them, each cited as version 1 of its id. */
export const recorded = (...resources: readonly Resource[]): readonly Recorded[] =>
  resources.map((resource, i) => ({
    resource,
    reference: `${resource.resourceType}/${resource.id ?? i}/_history/1`,
  }));

export const concept = ({ system, code }: Code) => ({ coding: [{ system, code }] });
const quantity = (value: number, code: string) => ({ value, unit: code, system: UCUM, code });

export const observation = (id: string, code: Code, more: JsonObject): Resource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: concept(code),
  subject: { reference: 'Patient/p' },
  ...more,
});

export const measured = (id: string, code: Code, date: string, value: number, unit: string): Resource =>
  observation(id, code, { effectiveDateTime: date, valueQuantity: quantity(value, unit) });

/** Samples from `start` on, a minute apart unless told. */
export const sampled = (id: string, code: Code, start: string, data: string, period = 60_000): Resource =>
  observation(id, code, {
    effectivePeriod: { start },
    valueSampledData: { origin: quantity(0, '/min'), period, dimensions: 1, data },
  });

/** A night with its minutes asleep, or with its stages by 30 seconds. */
export const night = (id: string, start: string, end: string, asleep: number | string): Resource =>
  observation(id, SLEEP_DURATION, {
    effectivePeriod: { start, end },
    ...(typeof asleep === 'number'
      ? { valueQuantity: quantity(asleep, 'min') }
      : {
          component: [
            {
              code: concept(SLEEP_STAGES),
              valueSampledData: { origin: quantity(0, '1'), period: 30_000, dimensions: 1, data: asleep },
            },
          ],
        }),
  });

export const answers = (
  id: string,
  authored: string,
  questionnaire: string,
  items: Readonly<Record<string, number>>,
): Resource => ({
  resourceType: 'QuestionnaireResponse',
  id,
  status: 'completed',
  questionnaire,
  subject: { reference: 'Patient/p' },
  authored,
  item: Object.entries(items).map(([linkId, value]) => ({ linkId, answer: [{ valueInteger: value }] })),
});
