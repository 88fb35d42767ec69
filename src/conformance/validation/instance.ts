import type { JsonObject } from '../../fhir/resource.ts';
import type { ElementDefinition, TypeDefinition } from '../registry.ts';

/** One occurrence of an element in a resource. `value` is undefined where a primitive has extensions alone. */
export interface Instance {
  readonly value: unknown;
  /** What stands beside a primitive: its id and extensions. */
  readonly companion: unknown;
  readonly member: string;
  /** -1 where the element does not repeat. */
  readonly index: number;
  readonly type: string;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** A JSON member in which an element may stand, and the type that it says. */
export interface Member {
  readonly name: string;
  /** The member beside a primitive, for its id and extensions. */
  readonly sibling: string | undefined;
  readonly type: string;
}

export const membersOf = (element: ElementDefinition): readonly Member[] =>
  element.types.map((type) => {
    const name = element.choice ? `${element.name}${capital(type)}` : element.name;
    return { name, sibling: /^[a-z]/.test(type) ? `_${name}` : undefined, type };
  });

/** An element of a type by its name in a profile: `value[x]`, `valueQuantity`, `code`. */
export const elementNamed = (owner: TypeDefinition, name: string): ElementDefinition | undefined => {
  const plain = name.replace(/\[x\]$/, '');
  const exact = owner.elements.find((element) => element.name === plain);
  if (exact !== undefined) return exact;
  for (const element of owner.elements) {
    if (!element.choice) continue;
    const type = membersOf(element).find(({ name }) => name === plain)?.type;
    if (type !== undefined) return { ...element, types: [type] };
  }
  return undefined;
};

/** All occurrences in the parent, by the members found with membersOf. */
export const instancesIn = (parent: JsonObject, members: readonly Member[]): readonly Instance[] => {
  const found: Instance[] = [];
  for (const { name, sibling, type } of members) {
    const value = parent[name];
    const beside = sibling === undefined ? undefined : parent[sibling];
    if (value === undefined && beside === undefined) continue;
    if (Array.isArray(value) || Array.isArray(beside)) {
      const values = Array.isArray(value) ? value : [];
      const length = Math.max(values.length, Array.isArray(beside) ? beside.length : 0);
      for (let index = 0; index < length; index += 1) {
        const companion: unknown = Array.isArray(beside) ? (beside[index] ?? undefined) : undefined;
        found.push({ value: values[index] ?? undefined, companion, member: name, index, type });
      }
    } else found.push({ value, companion: beside, member: name, index: -1, type });
  }
  return found;
};
