import { expect, test } from '@jest/globals';
import type { SearchParameterDefinition } from '../../src/conformance/registry.ts';
import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { parseCriteria } from '../../src/search/criteria.ts';

const NOON = Date.UTC(2026, 0, 1, 12);

test('the same criterion means the same, however often it is read', () => {
  const registry = loadRegistry();
  const read = (type: string, value: string, base = '') =>
    parseCriteria(registry, [type], [['subject', value]], { base });
  const first = read('Observation', 'Patient/1');
  expect(read('Observation', 'Patient/1')).toEqual(first);
  expect(read('Observation', 'Patient/2')).not.toEqual(first);
  expect(read('Observation', 'http://a/Patient/1', 'http://a')).toEqual(first);
  expect(read('Observation', 'http://a/Patient/1', 'http://b')).not.toEqual(first);
});

test('`ap` goes by the time of the search', () => {
  const registry = loadRegistry();
  const read = (now: number) => parseCriteria(registry, ['Observation'], [['date', 'ap2025-01-01']], { now });
  expect(read(NOON)).not.toEqual(read(NOON + 86_400_000 * 365));
});

test('a search parameter that is replaced is read anew', () => {
  const registry = loadRegistry();
  const criterion = () => parseCriteria(registry, ['Patient'], [['colour', 'red']]);
  const colour = (type: SearchParameterDefinition['type']): SearchParameterDefinition => ({
    url: 'http://example.org/SearchParameter/colour',
    code: 'colour',
    description: '',
    type,
    expression: 'Patient.language',
    targets: [],
    components: [],
  });
  registry.addSearchParameters([{ base: 'Patient', definition: colour('string') }]);
  expect(criterion()).toMatchObject({ kind: 'string' });
  registry.addSearchParameters([{ base: 'Patient', definition: colour('token') }]);
  expect(criterion()).toMatchObject({ kind: 'token' });
  registry.addSearchParameters([]);
  expect(criterion).toThrow("'colour'");
});
