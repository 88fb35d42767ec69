import {
  ACTIVE_MINUTES,
  ACTIVITY_COUNT,
  type Code,
  DAILY_WELLNESS_QUESTIONNAIRE,
  DEEP_SLEEP,
  HEART_RATE,
  LIGHT_SLEEP,
  LIGHTLY_ACTIVE_MINUTES,
  MODERATELY_ACTIVE_MINUTES,
  PHQ9_ITEMS,
  PHQ9_QUESTIONNAIRE,
  REM_SLEEP,
  RESTING_HEART_RATE,
  SEDENTARY_MINUTES,
  SLEEP_DURATION,
  SLEEP_STAGES,
  TIME_IN_BED,
  UCUM,
  VERY_ACTIVE_MINUTES,
  WAKE_AFTER_SLEEP_ONSET,
} from '../src/series/codes.ts';
import type { RecordedDay } from './recording.ts';
import type { SimulatedDay } from './simulator.ts';

const HUB = 'https://hub.example/measurement';
const concept = (code: Code) => ({ coding: [{ system: code.system, code: code.code, display: code.display }] });
const minutes = (value: number) => ({ value, unit: 'min', system: UCUM, code: 'min' });
const perMinute = (value: number) => ({ value, unit: '/min', system: UCUM, code: '/min' });
const category = (code: string) => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] },
];

type Body = Record<string, unknown> & { resourceType: string };
/** Conditional create: a hub that never saw the answer may send the same entry again (http.html#ccreate). */
const entry = (resource: Body, identifier: string) => ({
  resource:
    resource.resourceType === 'QuestionnaireResponse'
      ? { ...resource, identifier: { system: HUB, value: identifier } }
      : { ...resource, identifier: [{ system: HUB, value: identifier }] },
  request: { method: 'POST', url: resource.resourceType, ifNoneExist: `identifier=${HUB}|${identifier}` },
});

/** A day's measurements as the transaction Bundle that a wearable hub would post. */
export function dayBundle(day: RecordedDay, simulated: SimulatedDay, patient: string, device: string, key: string) {
  const base = { status: 'final', subject: { reference: patient }, device: { reference: device } };
  const midnight = `${day.date}T00:00:00Z`;
  const wholeDay = { start: midnight, end: `${day.date}T23:59:59Z` };
  const samples = (values: readonly number[], unit: string) => ({
    origin: { value: 0, unit, system: UCUM, code: unit },
    period: 60000,
    dimensions: 1,
    data: values.join(' '),
  });
  const component = (code: Code, value: number | undefined) =>
    value === undefined ? [] : [{ code: concept(code), valueQuantity: minutes(value) }];
  const entries = [
    entry(
      {
        resourceType: 'Observation',
        ...base,
        category: category('vital-signs'),
        code: concept(HEART_RATE),
        effectivePeriod: wholeDay,
        valueSampledData: samples(simulated.heartRate, '/min'),
      },
      `${key}-heart-rate-${day.date}`,
    ),
    entry(
      {
        resourceType: 'Observation',
        ...base,
        category: category('activity'),
        code: concept(ACTIVITY_COUNT),
        effectivePeriod: wholeDay,
        valueSampledData: samples(simulated.activity, '{counts}/min'),
      },
      `${key}-activity-${day.date}`,
    ),
    entry(
      {
        resourceType: 'Observation',
        ...base,
        category: category('activity'),
        code: concept(ACTIVE_MINUTES),
        effectiveDateTime: day.date,
        component: [
          ...component(SEDENTARY_MINUTES, day.activeMinutes.sedentary),
          ...component(LIGHTLY_ACTIVE_MINUTES, day.activeMinutes.lightly_active),
          ...component(MODERATELY_ACTIVE_MINUTES, day.activeMinutes.moderately_active),
          ...component(VERY_ACTIVE_MINUTES, day.activeMinutes.very_active),
        ],
      },
      `${key}-active-minutes-${day.date}`,
    ),
    ...(day.restingHeartRate === undefined
      ? []
      : [
          entry(
            {
              resourceType: 'Observation',
              ...base,
              category: category('vital-signs'),
              code: concept(RESTING_HEART_RATE),
              effectiveDateTime: day.date,
              valueQuantity: perMinute(day.restingHeartRate),
            },
            `${key}-resting-heart-rate-${day.date}`,
          ),
        ]),
    ...(day.sleep
      ? [entry({ resourceType: 'Observation', ...base, ...sleep(day.sleep) }, `${key}-sleep-${day.date}`)]
      : []),
    ...(day.report ? [entry(dailyReport(day, patient), `${key}-report-${day.date}`)] : []),
  ];
  return { resourceType: 'Bundle', type: 'transaction', entry: entries };
}

function sleep({ start, epochs }: NonNullable<RecordedDay['sleep']>) {
  const end = new Date(Date.parse(`${start}Z`) + epochs.length * 30_000).toISOString().slice(0, 19);
  const of = (stage: string): number => [...epochs].filter((epoch) => epoch === stage).length / 2;
  const part = (code: Code, value: number) => ({ code: concept(code), valueQuantity: minutes(value) });
  return {
    category: category('activity'),
    code: concept(SLEEP_DURATION),
    effectivePeriod: { start: `${start}Z`, end: `${end}Z` },
    valueQuantity: minutes(of('1') + of('2') + of('3')),
    component: [
      part(TIME_IN_BED, epochs.length / 2),
      part(WAKE_AFTER_SLEEP_ONSET, of('0')),
      part(LIGHT_SLEEP, of('1')),
      part(DEEP_SLEEP, of('2')),
      part(REM_SLEEP, of('3')),
      {
        code: concept(SLEEP_STAGES),
        valueSampledData: {
          origin: { value: 0, unit: '1', system: UCUM, code: '1' },
          period: 30000,
          dimensions: 1,
          data: [...epochs].join(' '),
        },
      },
    ],
  };
}

function dailyReport(day: RecordedDay, patient: string) {
  const { time, sleep_quality, ...scores } = day.report ?? { time: '08:00:00' };
  const answers = { ...scores, ...(sleep_quality !== undefined && { 'sleep-quality': sleep_quality }) };
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: DAILY_WELLNESS_QUESTIONNAIRE,
    subject: { reference: patient },
    source: { reference: patient },
    authored: `${day.date}T${time}Z`,
    item: Object.entries(answers).map(([linkId, value]) => ({ linkId, answer: [{ valueInteger: value }] })),
  };
}

/** A PHQ-9 as the patient's app would send it. */
export function phq9Bundle(items: readonly number[], authored: string, patient: string, key: string) {
  const response = {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    questionnaire: PHQ9_QUESTIONNAIRE,
    subject: { reference: patient },
    source: { reference: patient },
    authored,
    item: PHQ9_ITEMS.map((linkId, i) => ({ linkId, answer: [{ valueInteger: items[i] ?? 0 }] })),
  };
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [entry(response, `${key}-phq-9-${authored.slice(0, 10)}`)],
  };
}
