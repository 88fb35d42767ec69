import { describe, expect, test } from '@jest/globals';
import { pathToFileURL } from 'node:url';
import type { JsonObject, Resource } from '../../src/fhir/resource.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { reactions } from '../../src/rules/react.ts';
import { HEART_RATE, PHQ9_ITEMS, PHQ9_QUESTIONNAIRE, RESTING_HEART_RATE } from '../../src/series/codes.ts';
import { answers, measured, sampled } from '../series/recorded.ts';

const rules = loadRules(pathToFileURL('profiles/plan-definitions/'));
const beats = (value: number, more: JsonObject = {}): Resource => ({
  ...measured('hr', HEART_RATE, '2026-03-01', value, '/min'),
  ...more,
});
const samples = (data: string) => sampled('hr', HEART_RATE, '2026-03-01T00:00:00Z', data);
const phq9 = (item9: number | undefined, more: JsonObject = {}): Resource => ({
  ...answers('q', '2026-03-01T08:00:00Z', PHQ9_QUESTIONNAIRE, {
    [PHQ9_ITEMS[0]]: 3,
    ...(item9 !== undefined && { [PHQ9_ITEMS[8]]: item9 }),
  }),
  ...more,
});
const fired = (resource: Resource) => reactions(rules, [resource]).map(({ priority }) => priority);

describe('the shipped rules', () => {
  test.each([
    ['180 beats', beats(180), []],
    ['181 beats', beats(181), ['asap']],
    ['35 beats', beats(35), []],
    ['34 beats', beats(34), ['asap']],
    ['34 beats, preliminary', beats(34, { status: 'preliminary' }), ['asap']],
    ['34 beats, entered in error', beats(34, { status: 'entered-in-error' }), []],
    ['no value', beats(0, { valueQuantity: undefined }), []],
    ['a resting heart rate of 34', measured('r', RESTING_HEART_RATE, '2026-03-01', 34, '/min'), []],
    ['a series within bounds', samples('60 180 35 E'), []],
    ['one sample of a series above', samples('60 61 181'), ['asap']],
    ['one sample of a series below', samples('60 E 34'), ['asap']],
    ['a series of unknowns', samples('E U L'), []],
    ['item 9 at 0', phq9(0), []],
    ['item 9 at 1', phq9(1), ['urgent']],
    ['item 9 not answered', phq9(undefined), []],
    ['item 9 at 1, still being filled in', phq9(1, { status: 'in-progress' }), []],
    ['item 9 at 1, amended', phq9(1, { status: 'amended' }), ['urgent']],
    ['another type', { resourceType: 'Patient', id: 'p' }, []],
  ])('%s', (_case, resource, priorities) => expect(fired(resource)).toEqual(priorities));

  test('say what they saw and of whom, cite the rule, and are the same however often they are sent', () => {
    const [alert] = reactions(rules, [phq9(2)]);
    expect(alert).toMatchObject({
      resourceType: 'Communication',
      status: 'in-progress',
      priority: 'urgent',
      instantiatesCanonical: ['https://novamind.health/fhir/PlanDefinition/phq9-item-9|1.0.0'],
      subject: { reference: 'Patient/p' },
      about: [{ reference: 'QuestionnaireResponse/q' }],
    });
    expect(reactions(rules, [phq9(2, { meta: { versionId: '2' }, status: 'amended' })])[0]).toEqual(alert);
    // An answer that got worse must not hide behind an alert that was dealt with.
    expect(reactions(rules, [phq9(3)])[0]?.id).not.toBe(alert?.id);
    expect(reactions(rules, [phq9(2, { id: 'other' })])[0]?.id).not.toBe(alert?.id);
  });

  test('of answers without a subject the patient who answered is alerted for; a group is no patient', () => {
    const source = { reference: 'Patient/s' };
    expect(reactions(rules, [phq9(1, { subject: undefined, source })])[0]?.['subject']).toEqual(source);
    expect(reactions(rules, [phq9(1, { subject: { reference: 'Group/g' } })])[0]).not.toHaveProperty('subject');
  });
});
