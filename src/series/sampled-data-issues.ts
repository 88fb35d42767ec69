import { type Issue, Problem } from '../fhir/problem.ts';
import type { Resource } from '../fhir/resource.ts';
import { decodeSampledData, sampledDataOf } from './sampled-data.ts';

/**
 * What is wrong with an Observation's SampledData beyond its structure: R4 states no format of `data`, and a word that is no
 * number would be found only by whoever sums the series up later. Empty for other resources.
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
