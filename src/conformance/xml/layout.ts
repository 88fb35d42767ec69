import type { Registry } from '../registry.ts';

/** How one JSON member is written as an XML element (xml.html). */
export interface XmlMember {
  readonly name: string;
  /** Place in the order that the schema prescribes. */
  readonly order: number;
  readonly list: boolean;
  readonly form: 'complex' | 'primitive' | 'attribute' | 'xhtml' | 'resource';
  /** What a primitive's text becomes in JSON. */
  readonly value: 'string' | 'boolean' | 'integer' | 'decimal';
  readonly type: string;
}

/** The members of a type, by JSON name. */
export interface XmlType {
  readonly name: string;
  readonly members: ReadonlyMap<string, XmlMember>;
  /** Names of the members that are attributes. */
  readonly attributes: readonly string[];
}

/** Types as XML sees them, each worked out when first asked for; undefined for names that are no type. */
export type XmlLayout = (type: string) => XmlType | undefined;

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const INTEGERS: ReadonlySet<string> = new Set(['integer', 'unsignedInt', 'positiveInt']);
const known = new WeakMap<Registry, XmlLayout>();

/** The layout of a registry's types, shared by readers and writers. */
export const xmlLayout = (registry: Registry): XmlLayout => {
  const made = known.get(registry) ?? layoutOf(registry);
  known.set(registry, made);
  return made;
};

const layoutOf = (registry: Registry): XmlLayout => {
  const types = new Map<string, XmlType>();
  return (name) => {
    let type = types.get(name);
    if (type === undefined) {
      type = typeOf(registry, name);
      if (type !== undefined) types.set(name, type);
    }
    return type;
  };
};

const typeOf = (registry: Registry, name: string): XmlType | undefined => {
  const definition = registry.type(name);
  if (definition === undefined) return undefined;
  const members = new Map<string, XmlMember>();
  for (const { name: element, choice, max, types } of definition.elements) {
    for (const type of types) {
      const member = choice ? `${element}${capital(type)}` : element;
      // Ids of elements and the url of an extension are attributes; the id of a resource is an element (xml.html).
      const attribute =
        (element === 'id' && definition.kind !== 'resource') || (element === 'url' && name === 'Extension');
      members.set(member, {
        name: member,
        order: members.size,
        list: max > 1,
        form: attribute ? 'attribute' : formOf(registry, type),
        value: type === 'decimal' || type === 'boolean' ? type : INTEGERS.has(type) ? 'integer' : 'string',
        type,
      });
    }
  }
  const attributes = [...members.values()].filter(({ form }) => form === 'attribute');
  return { name, members, attributes: attributes.map((member) => member.name) };
};

const formOf = (registry: Registry, type: string): XmlMember['form'] => {
  if (type === 'xhtml') return 'xhtml';
  if (type === 'Resource') return 'resource';
  return registry.type(type)?.kind === 'primitive-type' ? 'primitive' : 'complex';
};
