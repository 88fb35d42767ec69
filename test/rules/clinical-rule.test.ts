import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/fhir/resource.ts';
import { readRules } from '../../src/rules/clinical-rule.ts';
import { reactions } from '../../src/rules/react.ts';

const trigger = (...data: readonly JsonObject[]) => [{ type: 'data-added', data }];
const fhirpath = (expression: string) => [
  { kind: 'applicability', expression: { language: 'text/fhirpath', expression } },
];
const plan = (action: JsonObject) => ({
  resourceType: 'PlanDefinition',
  id: 'r',
  url: 'http://rules.example/r',
  action: [{ title: 'Rule', trigger: trigger({ type: 'Observation' }), ...action }],
});
const filter = (code: string) => ({ codeFilter: [{ path: 'code', code: [{ system: 's', code }] }] });

describe('a PlanDefinition becomes a rule', () => {
  test('the codes of one kind of data say nothing of another kind', () => {
    const rules = readRules(
      plan({ trigger: trigger({ type: 'Observation', ...filter('a') }, { type: 'Condition' }), condition: [] }),
    );
    const code = (value: string) => ({ coding: [{ system: 's', code: value }] });
    const fires = (resourceType: string, value: string) =>
      reactions(rules, [{ resourceType, id: 'x', code: code(value) }]).length;
    expect([fires('Observation', 'a'), fires('Observation', 'b'), fires('Condition', 'b')]).toEqual([1, 0, 1]);
  });

  test('all conditions must hold; one that is empty does not', () => {
    const held = (...conditions: readonly string[]) =>
      reactions(readRules(plan({ condition: conditions.flatMap(fhirpath) })), [
        { resourceType: 'Observation', id: 'x', status: 'final' },
      ]).length;
    expect([
      held(),
      held("status = 'final'"),
      held("status = 'final'", 'false'),
      held('value > 3'),
      held('%phq9Item9 > 0'),
    ]).toEqual([1, 1, 0, 0, 0]);
  });

  test.each<[string, JsonObject, string]>([
    ['no trigger', { trigger: [] }, 'PlanDefinition.action[0].trigger'],
    ['a timed trigger', { trigger: [{ type: 'periodic' }] }, 'PlanDefinition.action[0].trigger'],
    ['a trigger without data', { trigger: trigger() }, 'PlanDefinition.action[0].trigger.data'],
    [
      'a filter by value set',
      { trigger: trigger({ type: 'Observation', codeFilter: [{ path: 'code', valueSet: 'v' }] }) },
      'PlanDefinition.action[0].trigger.data.codeFilter',
    ],
    [
      'a filter by category',
      { trigger: trigger({ type: 'Observation', codeFilter: [{ path: 'category', code: [{}] }] }) },
      'PlanDefinition.action[0].trigger.data.codeFilter',
    ],
    [
      'data of a time',
      { trigger: trigger({ type: 'Observation', dateFilter: [{}] }) },
      'PlanDefinition.action[0].trigger.data.dateFilter',
    ],
    [
      'a condition in CQL',
      { condition: [{ kind: 'applicability', expression: { language: 'text/cql', expression: 'x' } }] },
      'PlanDefinition.action[0].condition[0].expression',
    ],
    ['a stop condition', { condition: [{ kind: 'stop' }] }, 'PlanDefinition.action[0].condition[0].kind'],
    ['nested actions', { action: [{}] }, 'PlanDefinition.action[0].action'],
    ['an unknown priority', { priority: 'soon' }, 'PlanDefinition.action[0].priority'],
    ['nothing to say', { title: undefined }, 'PlanDefinition.action[0].textEquivalent'],
  ])('%s cannot be run, and the element is named', (_case, action, expression) => {
    expect(() => readRules(plan(action))).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ expression: [expression] })] }),
    );
  });

  test('an expression that is none stops the start', () => {
    expect(() => readRules(plan({ condition: fhirpath('value >') }))).toThrow();
  });
});
