import { createHash } from 'node:crypto';
import { writeJson } from '../fhir/json.ts';
import { isObject, type JsonObject, type Resource } from '../fhir/resource.ts';
import type { ClinicalRule } from './clinical-rule.ts';
import { isSuchData } from './data-requirement.ts';
import { ruleFacts } from './facts.ts';

/** Statuses of a resource that no alert may rest on: withdrawn, or still being filled in. A preliminary value does count. */
const UNRELIABLE = new Set<unknown>(['entered-in-error', 'cancelled', 'in-progress', 'registered']);

/**
 * The Communications that rules make of what is being written; they become part of the same commit, so an alert exists
 * exactly when its trigger does. The same resource and rule give the same Communication, however often it is sent; what
 * the resource says anew, an answer that got worse, is told anew, whatever became of the alert before. Pure.
 */
export function reactions(rules: readonly ClinicalRule[], written: readonly Resource[]): readonly Resource[] {
  const made: Resource[] = [];
  for (const resource of written) {
    const candidates = rules.filter(({ data }) => data.some((requirement) => isSuchData(requirement, resource)));
    if (candidates.length === 0 || UNRELIABLE.has(resource['status'])) continue;
    const variables = ruleFacts(resource);
    for (const rule of candidates)
      if (rule.conditions.every((condition) => condition.test(resource, { variables }) === true))
        made.push(alert(rule, resource));
  }
  return made;
}

function alert(rule: ClinicalRule, resource: Resource): Resource {
  const about = `${resource.resourceType}/${resource.id}`;
  const subject = patientOf(resource);
  const trigger = `${rule.canonical}|${rule.title}|${about}|${writeJson(finding(resource))}`;
  return {
    resourceType: 'Communication',
    id: `alert-${createHash('sha256').update(trigger).digest('hex').slice(0, 40)}`,
    instantiatesCanonical: [rule.canonical],
    status: 'in-progress',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/communication-category', code: 'alert', display: 'Alert' },
        ],
      },
    ],
    priority: rule.priority,
    ...(subject && { subject }),
    topic: { text: rule.title },
    about: [{ reference: about }],
    payload: [{ contentString: rule.message }],
  };
}

/** Members that can change while the finding stays what it was. */
const BESIDE_THE_FINDING = new Set(['meta', 'text', 'status', 'identifier', 'issued', 'note']);
const finding = (resource: Resource): JsonObject =>
  Object.fromEntries(Object.entries(resource).filter(([member]) => !BESIDE_THE_FINDING.has(member)));

/** The patient whose data it is, however the type names it; who answers for themselves may stand as the source alone. */
function patientOf(resource: Resource): JsonObject | undefined {
  for (const member of ['subject', 'patient', 'source'] as const) {
    const stated = resource[member];
    const reference = isObject(stated) ? stated['reference'] : undefined;
    if (typeof reference === 'string' && /(?:^|\/)Patient\//.test(reference)) return { reference };
  }
  return undefined;
}
