import { describe, expect, test } from '@jest/globals';
import type { Predicate } from '../../src/search/query.ts';
import { satisfies } from '../../src/search/satisfies.ts';

const facts = { type: 'Patient', id: 'p', lastUpdated: 1000, values: [] };
const yes: Predicate = { kind: 'all' };
const no: Predicate = { kind: 'none' };
const unknown: Predicate = { kind: 'chain', param: 'organization', type: 'Organization', where: yes };

describe('three-valued logic', () => {
  test.each<[string, Predicate, boolean | undefined]>([
    ['a chain is not known', unknown, undefined],
    ['_has is not known', { kind: 'has', source: 'Observation', param: 'patient', where: yes }, undefined],
    ['unknown and false is false', { kind: 'and', of: [unknown, no] }, false],
    ['unknown and true is unknown', { kind: 'and', of: [yes, unknown] }, undefined],
    ['unknown or true is true', { kind: 'or', of: [unknown, yes] }, true],
    ['unknown or false is unknown', { kind: 'or', of: [no, unknown] }, undefined],
    ['not unknown is unknown', { kind: 'not', of: unknown }, undefined],
    ['not false is true', { kind: 'not', of: no }, true],
    ['and of nothing is true', { kind: 'and', of: [] }, true],
    ['or of nothing is false', { kind: 'or', of: [] }, false],
    ['the id', { kind: 'id', ids: ['q', 'p'] }, true],
    ['another id', { kind: 'id', ids: ['q'] }, false],
    ['the time', { kind: 'lastUpdated', range: { lowAtLeast: 1000, highBelow: 1001 } }, true],
    ['another time', { kind: 'lastUpdated', range: { lowAbove: 1000 } }, false],
  ])('%s', (_title, predicate, holds) => {
    expect(satisfies(facts, predicate)).toBe(holds);
  });
});
