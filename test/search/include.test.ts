import { describe, expect, test } from '@jest/globals';
import { includeSteps, revincludeSteps } from '../../src/search/include.ts';
import { parse, registry } from './matching.ts';

describe('what to fetch beside the matches', () => {
  const { includes, revincludes } = parse(
    'Observation',
    '_include=Observation:subject&_include=*&_include:iterate=Patient:organization&_revinclude=Provenance:target&_revinclude=AuditEvent:*',
  );

  test('a wildcard stands for every reference of the type, each once', () => {
    const params = includeSteps(registry, includes, 'Observation', false).map((step) => step.param);
    expect(params).toContain('subject');
    expect(params).toContain('based-on');
    expect(new Set(params).size).toBe(params.length);
  });

  test('included resources are followed only where iteration is asked for', () => {
    expect(includeSteps(registry, includes, 'Patient', true)).toEqual([{ source: 'Patient', param: 'organization' }]);
    expect(includeSteps(registry, includes, 'Observation', true)).toEqual([]);
  });

  test('references back are those that may point at the type', () => {
    const steps = revincludeSteps(registry, revincludes, 'Observation', false);
    expect(steps).toContainEqual({ source: 'Provenance', param: 'target' });
    expect(steps).toContainEqual({ source: 'AuditEvent', param: 'entity' });
    expect(steps).not.toContainEqual({ source: 'AuditEvent', param: 'source' });
  });
});
