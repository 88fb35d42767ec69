import { literal } from '../../fhir/json.ts';
import { Problem } from '../../fhir/problem.ts';
import { isObject, isResource, type Json, type JsonObject, listOf, type Resource } from '../../fhir/resource.ts';
import type { Registry } from '../registry.ts';
import { escapeXml, UnwritableCharacter } from './escape.ts';
import { type XmlLayout, type XmlMember, type XmlType, xmlLayout } from './layout.ts';
import { FHIR_NAMESPACE } from './scanner.ts';
import { xhtmlText } from './xhtml-text.ts';

/**
 * FHIR XML (xml.html) of a resource as parseJson gives it: elements in the schema's order, decimals as they were
 * received, narrative to the letter; indented where `pretty`. Throws Problem `not-acceptable` where something has no
 * place in XML (a control character, a member that FHIR does not define): nothing is left out silently.
 */
export const writeXml = (registry: Registry, resource: Resource, pretty = false): string => {
  const writer = new XmlWriter(xmlLayout(registry), pretty);
  return `<?xml version="1.0" encoding="UTF-8"?>${pretty ? '' : '\n'}${writer.resource(resource, 0)}${pretty ? '\n' : ''}`;
};

class XmlWriter {
  readonly #layout: XmlLayout;
  readonly #pretty: boolean;
  /** Members on the way to where the writer is, for messages. */
  readonly #path: string[] = [];

  constructor(layout: XmlLayout, pretty: boolean) {
    this.#layout = layout;
    this.#pretty = pretty;
  }

  resource(resource: Resource, level: number): string {
    const name = resource.resourceType;
    const type = this.#layout(name);
    if (level === 0) this.#path.push(name);
    if (type === undefined || !type.members.has('meta')) return this.#fail(`${name} is no resource of FHIR R4`);
    const namespace = level === 0 ? ` xmlns="${FHIR_NAMESPACE}"` : '';
    return this.#tag(name, namespace, this.#children(type, resource, level + 1), level);
  }

  /** The child elements of an object, in order. */
  #children(type: XmlType, object: JsonObject, level: number): string {
    const members: XmlMember[] = [];
    let sorted = true;
    for (const key in object) {
      if (object[key] === undefined) continue;
      const isSibling = key.charCodeAt(0) === 95;
      const name = isSibling ? key.slice(1) : key;
      if (isSibling && object[name] !== undefined) continue;
      const member = type.members.get(name);
      if (member === undefined) {
        if (key === 'resourceType') continue;
        return this.#fail(`${type.name} has no element ${key}`);
      }
      if (member.form === 'attribute' && !isSibling) continue;
      if (isSibling && member.form !== 'primitive') return this.#fail(`${key} has no place in XML`);
      sorted &&= members.length === 0 || (members.at(-1)?.order ?? 0) < member.order;
      members.push(member);
    }
    if (!sorted) members.sort((a, b) => a.order - b.order);
    let text = '';
    for (const member of members) {
      this.#path.push(member.name);
      text += this.#member(member, object, level);
      this.#path.pop();
    }
    return text;
  }

  #member(member: XmlMember, object: JsonObject, level: number): string {
    const value = object[member.name];
    switch (member.form) {
      case 'primitive':
        return this.#primitives(member, object, level);
      case 'xhtml':
        return `${this.#line(level)}${this.#narrative(value)}`;
      case 'resource':
        return this.#each(value, (item) => {
          if (!isResource(item)) return this.#fail('there is no resource');
          return this.#tag(member.name, '', this.resource(item, level + 1), level);
        });
      default: {
        const type = this.#layout(member.type);
        return this.#each(value, (item) => {
          if (!isObject(item) || type === undefined) return this.#fail('there is no object');
          return this.#tag(member.name, this.#attributes(type, item), this.#children(type, item, level + 1), level);
        });
      }
    }
  }

  #each(value: Json | undefined, write: (item: Json) => string): string {
    let text = '';
    for (const item of listOf(value)) text += write(item);
    return text;
  }

  #primitives(member: XmlMember, object: JsonObject, level: number): string {
    const { name } = member;
    const value = object[name];
    const extra = object[`_${name}`];
    if (!Array.isArray(value) && !Array.isArray(extra)) return this.#primitive(member, object, name, extra, level);
    const values = listOf(value);
    const extras = listOf(extra);
    let text = '';
    for (let at = 0; at < Math.max(values.length, extras.length); at += 1) {
      text += this.#primitive(member, values, at, extras[at], level);
    }
    return text;
  }

  #primitive(
    member: XmlMember,
    parent: JsonObject | readonly Json[],
    key: string | number,
    extra: Json | undefined,
    level: number,
  ): string {
    const value = (parent as JsonObject)[key];
    if (typeof value === 'object' && value !== null) return this.#fail('there is no primitive value');
    const text = typeof value === 'string' ? this.#escaped(value) : literal(parent, key);
    const attribute = value === undefined || value === null ? '' : ` value="${text}"`;
    if (!isObject(extra)) return this.#tag(member.name, attribute, '', level);
    const type = this.#layout(member.type);
    if (type === undefined) return this.#fail(`the type ${member.type} is not known`);
    const children = this.#children(type, extra, level + 1);
    return this.#tag(member.name, this.#attributes(type, extra) + attribute, children, level);
  }

  #attributes(type: XmlType, object: JsonObject): string {
    let text = '';
    for (const name of type.attributes) {
      const value = object[name];
      if (typeof value === 'string') text += ` ${name}="${this.#escaped(value)}"`;
    }
    return text;
  }

  #narrative(value: Json | undefined): string {
    const xhtml = typeof value === 'string' ? xhtmlText(value) : undefined;
    return xhtml ?? this.#fail('the narrative is no well-formed XHTML');
  }

  #escaped(text: string): string {
    try {
      return escapeXml(text);
    } catch (error) {
      if (error instanceof UnwritableCharacter) return this.#fail(`the text holds ${error.message}`);
      throw error;
    }
  }

  #tag(name: string, attributes: string, content: string, level: number): string {
    const start = `${this.#line(level)}<${name}${attributes}`;
    return content === '' ? `${start}/>` : `${start}>${content}${this.#line(level)}</${name}>`;
  }

  #line(level: number): string {
    return this.#pretty ? `\n${'  '.repeat(level)}` : '';
  }

  #fail(what: string): never {
    const expression = this.#path.join('.');
    throw new Problem(
      'not-acceptable',
      `${expression} cannot be written in XML: ${what}; ask for application/fhir+json`,
      {
        expression: [expression],
      },
    );
  }
}
