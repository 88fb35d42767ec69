import type { ElementDefinition, Registry } from '../conformance/registry.ts';
import { literal, setMember } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isObject, type Json, type JsonObject, listOf } from '../fhir/resource.ts';
import type { Mutable } from './fhirpath-patch-place.ts';

/** What a part of a FHIRPath Patch states: a value[x], a resource, or parts that stand for an element without a type of its own. */
export interface PartValue {
  readonly json: Json;
  /** As in `value[x]`, with its capital; '' for all but a value[x]. */
  readonly type: string;
  /** The literal of a number. */
  readonly text: string;
  /** Members of an element, each a part. */
  readonly parts?: readonly JsonObject[];
}

/** Reads a part. Throws Problem `invalid` where it states more than one value. */
export function partValue(part: JsonObject): PartValue {
  const stated = Object.keys(part).filter((key) => /^value[A-Z]/.test(key) || key === 'resource' || key === 'part');
  const [member, another] = stated;
  if (another !== undefined) {
    throw new Problem('invalid', `the part '${String(part['name'])}' has both ${member} and ${another}`);
  }
  if (member === undefined) throw new Problem('invalid', `the part '${String(part['name'])}' has no value`);
  if (member === 'part') return { json: null, type: '', text: '', parts: listOf(part['part']).filter(isObject) };
  const type = member === 'resource' ? '' : member.slice('value'.length);
  return { json: part[member] ?? null, type, text: literal(part, member) };
}

/** The value as the element's type writes it: what repeats is a list, however often it is given. */
export function builtValue(registry: Registry, value: PartValue, type: string | undefined): PartValue {
  if (value.parts === undefined) return value;
  const built: Mutable = {};
  for (const part of value.parts) {
    const name = String(part['name']);
    const element = registry.type(type ?? '')?.elements.find((candidate) => candidate.name === name);
    if (element === undefined) throw new Problem('business-rule', `${type ?? 'The value'} has no element '${name}'`);
    set(built, element, builtValue(registry, partValue(part), element.types[0]));
  }
  return { json: built as JsonObject, type: '', text: '' };
}

function set(built: Mutable, { name, choice, max }: ElementDefinition, { json, type, text }: PartValue): void {
  if (max > 1) {
    built[name] = [...listOf(built[name]), json];
    return;
  }
  const member = choice ? `${name}${type}` : name;
  if (built[member] !== undefined) throw new Problem('business-rule', `'${name}' is given twice and does not repeat`);
  setMember(built, member, json, text);
}
