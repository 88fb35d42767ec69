import { readdirSync, readFileSync } from 'node:fs';
import { parseJson } from '../fhir/json.ts';
import { isResource } from '../fhir/resource.ts';
import { type ClinicalRule, readRules } from './clinical-rule.ts';

/** The rules of every PlanDefinition in a folder (profiles/plan-definitions). @throws Problem that names a file's fault: the server does not start half armed. */
export function loadRules(folder: URL): readonly ClinicalRule[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      const plan = parseJson(readFileSync(new URL(name, folder)));
      return isResource(plan) && plan.resourceType === 'PlanDefinition' && plan['status'] === 'active'
        ? readRules(plan)
        : [];
    });
}
