import { type Issue, Problem } from '../fhir/problem.ts';
import type { Resource } from '../fhir/resource.ts';
import { decodeSampledData, sampledDataOf } from './sampled-data.ts';

/**
 * What is wrong with an Observation's SampledData beyond its structure and format: samples that make no whole points would
 * be found only by whoever sums the series up later. Empty for other resources.
 */
export function sampledDataIssues(resource: Resource): readonly Issue[] {
  if (resource.resourceType !== 'Observation') return [];
  const issues: Issue[] = [];
  for (const [sampled, path] of sampledDataOf(resource))
    try {
      decodeSampledData(sampled, 0, path);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      issues.push(...error.issues.map((issue) => ({ ...issue, code: 'value' })));
    }
  return issues;
}

/** The validation, and of what is right by it whether its series of samples can be read. */
export const withSampledData =
  (validate: (resource: Resource) => readonly Issue[]) =>
  (resource: Resource): readonly Issue[] => {
    const issues = validate(resource);
    if (issues.some(({ severity }) => severity === 'error' || severity === 'fatal')) return issues;
    const more = sampledDataIssues(resource);
    return more.length === 0 ? issues : [...issues, ...more];
  };
