import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { LITERALS } from '../../src/fhir/json.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isObject, type Json, type JsonObject } from '../../src/fhir/resource.ts';
import { exactText } from './scalars.ts';
import { isSliced, placeOf } from './slice.ts';

/** What shapes an answer beside the directives of its fields. */
export interface Shaping {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** By place, what @slice adds to the names of the items. */
  readonly slices: ReadonlyMap<string, readonly string[]>;
}
type Place = readonly (string | number)[];

/** What comes to stand under one name: flattened fields add up to a list. */
interface Slot {
  readonly values: Json[];
  list: boolean;
  readonly singleton: boolean;
}

/** The data of a result as @flatten, @first, @singleton and @slice want it (graphql.html#flattening), decimals by their literals. */
export function shaped(
  data: JsonObject,
  selections: readonly SelectionSetNode[],
  shaping: Shaping,
  at: Place = [],
): JsonObject {
  const out: Record<string, Json> = {};
  const literals: Record<string, string> = {};
  for (const [name, { values, list, singleton }] of slotsOf(data, selections, shaping, at)) {
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

function slotsOf(
  data: JsonObject,
  selections: readonly SelectionSetNode[],
  shaping: Shaping,
  at: Place,
  above = '',
): Map<string, Slot> {
  const nodes = new Map<string, FieldNode[]>();
  for (const selection of selections) collect(selection, shaping.fragments, nodes);
  const slots = new Map<string, Slot>();
  for (const [name, value = null] of Object.entries(data)) {
    const asked = nodes.get(name) ?? [];
    const has = (directive: string) =>
      asked.some((node) => node.directives?.some((it) => it.name.value === directive) ?? false);
    const below = asked.flatMap(({ selectionSet }) => selectionSet ?? []);
    const repeats = Array.isArray(value);
    const place = [...at, name];
    const keyed = suffixes(asked, name, value, shaping.slices.get(placeOf(place)));
    const values: readonly Json[] = repeats ? value : [value];
    for (const [index, item] of (has('first') ? values.slice(0, 1) : values).entries()) {
      const here = repeats ? [...place, index] : place;
      const suffix = `${above}${keyed(index)}`;
      if (has('flatten') && below.length > 0) {
        if (!isObject(item)) continue;
        for (const [inner, slot] of slotsOf(item, below, shaping, here, suffix)) {
          const held = slot.values.filter((it) => it !== null);
          // Of a sliced item, what it has not gets no name.
          if (held.length === 0 && suffix !== '') continue;
          add(slots, inner, { ...slot, values: held, list: slot.list || repeats });
        }
      } else {
        const made = isPlain(item) ? shaped(item, below, shaping, here) : item;
        add(slots, `${name}${suffix}`, { values: [made], list: repeats, singleton: has('singleton') });
      }
    }
    if (repeats && values.length === 0 && !has('flatten') && !asked.some(isSliced))
      add(slots, `${name}${above}`, { values: [], list: true, singleton: has('singleton') });
  }
  return slots;
}

/** What is added to the name of each item. Throws Problem `invalid` where @slice stands at what does not repeat. */
function suffixes(
  asked: readonly FieldNode[],
  name: string,
  value: Json,
  keys: readonly string[] | undefined,
): (index: number) => string {
  if (keys !== undefined) return (index) => `.${keys[index] ?? ''}`;
  if (value !== null && asked.some(isSliced))
    throw new Problem('invalid', `'${name}' is marked @slice and does not repeat`, { expression: ['query'] });
  return () => '';
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

function collect(
  { selections }: SelectionSetNode,
  fragments: Shaping['fragments'],
  into: Map<string, FieldNode[]>,
): void {
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
