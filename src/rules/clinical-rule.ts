import { compile } from '../fhir/fhirpath/compile.ts';
import { Problem } from '../fhir/problem.ts';
import { isObject, type Json, type JsonObject, listOf, type Resource } from '../fhir/resource.ts';
import { type DataRequirement, readRequirement } from './data-requirement.ts';

/** An event–condition–action rule read from a PlanDefinition (plandefinition.html, type `eca-rule`). */
export interface ClinicalRule {
  /** `url|version`, as Communication.instantiatesCanonical states it. */
  readonly canonical: string;
  readonly title: string;
  /** The arrival of what satisfies one of them triggers the rule. */
  readonly data: readonly DataRequirement[];
  /** All must hold of the resource. */
  readonly conditions: readonly ReturnType<typeof compile>[];
  readonly priority: 'routine' | 'urgent' | 'asap' | 'stat';
  /** What the Communication says. */
  readonly message: string;
}

const PRIORITIES = ['routine', 'urgent', 'asap', 'stat'] as const;

/**
 * Reads the rules of a PlanDefinition: one for each action. What cannot be run is refused, never left out: a rule that
 * silently asks less than it says would alert, or stay silent, for the wrong reason.
 * @throws Problem that names the element.
 */
export function readRules(plan: Resource): readonly ClinicalRule[] {
  const { url, version } = plan;
  if (typeof url !== 'string')
    throw refused('PlanDefinition.url', `PlanDefinition/${plan.id ?? ''} has no url to cite it by`);
  const canonical = typeof version === 'string' ? `${url}|${version}` : url;
  const actions = objects(plan['action']);
  if (actions.length === 0) throw refused('PlanDefinition.action', `${canonical} has no action`);
  return actions.map((action, i) => readAction(action, canonical, `PlanDefinition.action[${i}]`));
}

function readAction(action: JsonObject, canonical: string, path: string): ClinicalRule {
  const triggers = objects(action['trigger']);
  if (triggers.length === 0 || triggers.some(({ type }) => type !== 'data-added'))
    throw refused(`${path}.trigger`, `${canonical}: rules are triggered by data-added and by nothing else`);
  if (action['action'] !== undefined) throw refused(`${path}.action`, `${canonical}: nested actions are not run`);
  const message = action['textEquivalent'] ?? action['description'] ?? action['title'];
  if (typeof message !== 'string') throw refused(`${path}.textEquivalent`, `${canonical}: the action says nothing`);
  const priority = action['priority'] ?? 'routine';
  const known = PRIORITIES.find((one) => one === priority);
  if (known === undefined) throw refused(`${path}.priority`, `${canonical}: '${String(priority)}' is no priority`);
  const data = triggers
    .flatMap((trigger) => objects(trigger['data']))
    .map((requirement) => readRequirement(requirement, canonical, `${path}.trigger.data`));
  if (data.length === 0) throw refused(`${path}.trigger.data`, `${canonical}: no trigger says of what data`);
  return {
    canonical,
    title: String(action['title'] ?? plainTitle(canonical)),
    data,
    conditions: objects(action['condition']).map((one, i) => condition(one, canonical, `${path}.condition[${i}]`)),
    priority: known,
    message,
  };
}

function condition(stated: JsonObject, canonical: string, path: string): ReturnType<typeof compile> {
  const { language, expression } = isObject(stated['expression']) ? stated['expression'] : {};
  if (stated['kind'] !== 'applicability')
    throw refused(`${path}.kind`, `${canonical}: conditions of the kind applicability are run`);
  if (language !== 'text/fhirpath' || typeof expression !== 'string')
    throw refused(`${path}.expression`, `${canonical}: conditions are read in text/fhirpath`);
  return compile(expression);
}

const objects = (value: Json | undefined): readonly JsonObject[] => listOf(value).filter(isObject);
const plainTitle = (canonical: string): string => canonical.replace(/\|.*$/, '').replace(/^.*\//, '');
const refused = (expression: string, diagnostics: string): Problem =>
  new Problem('not-supported', diagnostics, { expression: [expression] });
