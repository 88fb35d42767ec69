import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { LITERALS } from '../../src/fhir/json.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isObject, type Json, type JsonObject } from '../../src/fhir/resource.ts';
import { exactText } from './scalars.ts';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** What comes to stand under one name: flattened fields add up to a list. */
interface Slot {
  readonly values: Json[];
  list: boolean;
  readonly singleton: boolean;
}

/** The data of a result as @flatten, @first and @singleton want it (graphql.html#flattening), decimals by their literals. */
export function shaped(data: JsonObject, selections: readonly SelectionSetNode[], fragments: Fragments): JsonObject {
  const out: Record<string, Json> = {};
  const literals: Record<string, string> = {};
  for (const [name, { values, list, singleton }] of slotsOf(data, selections, fragments)) {
    if (singleton && values.length > 1) {
      throw new Problem('invalid', `'${name}' is marked @singleton and has ${values.length} values`, {
        expression: ['query'],
      });
    }
    const value = list && !singleton ? values : (values[0] ?? null);
    const exact = exactText(value);
    if (exact !== undefined) literals[name] = exact;
    out[name] = exact === undefined ? value : Number(exact);
  }
  return Object.keys(literals).length === 0 ? out : Object.assign(out, { [LITERALS]: literals });
}

function slotsOf(data: JsonObject, selections: readonly SelectionSetNode[], fragments: Fragments): Map<string, Slot> {
  const nodes = new Map<string, FieldNode[]>();
  for (const selection of selections) collect(selection, fragments, nodes);
  const slots = new Map<string, Slot>();
  for (const [name, value = null] of Object.entries(data)) {
    const asked = nodes.get(name) ?? [];
    const has = (directive: string) =>
      asked.some((node) => node.directives?.some((it) => it.name.value === directive) ?? false);
    const below = asked.flatMap(({ selectionSet }) => selectionSet ?? []);
    const all: readonly Json[] = Array.isArray(value) ? value : [value];
    const values = has('first') ? all.slice(0, 1) : all;
    if (has('flatten') && below.length > 0) {
      for (const item of values) {
        if (!isObject(item)) continue;
        for (const [inner, slot] of slotsOf(item, below, fragments)) {
          add(slots, inner, { ...slot, values: slot.values.filter((it) => it !== null), list: true });
        }
      }
    } else {
      const made = values.map((item) => (isPlain(item) ? shaped(item, below, fragments) : item));
      add(slots, name, { values: made, list: Array.isArray(value), singleton: has('singleton') });
    }
  }
  return slots;
}

const isPlain = (value: Json): value is JsonObject => isObject(value) && exactText(value) === undefined;

function add(slots: Map<string, Slot>, name: string, slot: Slot): void {
  const known = slots.get(name);
  if (known === undefined) slots.set(name, slot);
  else {
    known.values.push(...slot.values);
    known.list ||= slot.list;
  }
}

function collect({ selections }: SelectionSetNode, fragments: Fragments, into: Map<string, FieldNode[]>): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      const name = selection.alias?.value ?? selection.name.value;
      into.set(name, [...(into.get(name) ?? []), selection]);
    } else {
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (inner !== undefined) collect(inner.selectionSet, fragments, into);
    }
  }
}
