import { isResource, type Resource } from '../../fhir/resource.ts';
import type { Registry } from '../registry.ts';
import { nearestName } from '../validation/nearest-name.ts';
import { add, addPrimitive, countOf, type Draft, dropEmptyLists, expressionOf, type Frame } from './frame.ts';
import { type XmlLayout, type XmlMember, type XmlType, xmlLayout } from './layout.ts';
import { NarrativeReader } from './narrative-reader.ts';
import { primitiveValue } from './primitive-text.ts';
import { FHIR_NAMESPACE, malformedXml, type XmlAttribute, type XmlEvents, type XmlTag } from './scanner.ts';

/** As for JSON bodies. */
const MAXIMUM_DEPTH = 64;
const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** Builds a resource from the events of a document; each open element is a frame. */
export class ResourceReader implements XmlEvents {
  readonly #registry: Registry;
  readonly #layout: XmlLayout;
  readonly #document: string;
  #top: Frame | undefined;
  #narrative: NarrativeReader | undefined;
  #narrativeMember: XmlMember | undefined;
  #root: Draft | undefined;

  constructor(registry: Registry, document: string) {
    this.#registry = registry;
    this.#layout = xmlLayout(registry);
    this.#document = document;
  }

  result(): Resource {
    if (!isResource(this.#root)) throw malformedXml(this.#document, this.#document.length, 'it holds no resource');
    return this.#root;
  }

  open(tag: XmlTag, start: number): void {
    if (this.#narrative !== undefined) {
      this.#openInNarrative(this.#narrative, tag, start);
      return;
    }
    const top = this.#top;
    const member = top?.kind === 'object' || top?.kind === 'primitive' ? this.#memberOf(top, tag, start) : undefined;
    if (member?.form === 'xhtml') {
      this.#narrativeMember = member;
      this.#narrative = new NarrativeReader(start);
      this.#openInNarrative(this.#narrative, tag, start);
      return;
    }
    if (tag.uri !== FHIR_NAMESPACE) {
      this.#fail(`<${tag.name}> is not of the namespace ${FHIR_NAMESPACE}: ${tag.uri || 'it has none'}`, start);
    }
    const frame =
      member === undefined || top === undefined ? this.#resource(tag, start) : this.#element(top, member, start);
    this.#top = frame;
    this.#attributes(frame, tag, start);
  }

  #element(parent: Frame, member: XmlMember, start: number): Frame {
    const index = member.list ? countOf(parent, member) : -1;
    const depth = parent.depth + (member.list ? 1 : 0);
    if (member.form === 'resource') {
      return { kind: 'holder', member, type: parent.type, parent, index, depth, start, object: {} };
    }
    const isPrimitive = member.form === 'primitive';
    const type = this.#typeOf(member.type);
    const object: Draft = {};
    const kind = isPrimitive ? 'primitive' : 'object';
    const frame: Frame = { kind, member, type, parent, index, depth: depth + 1, start, object };
    // A primitive's object exists only where the primitive carries something, which then counts by itself.
    this.#limit(isPrimitive ? depth : frame.depth, start);
    if (!isPrimitive) add(parent, member, { value: object });
    return frame;
  }

  /** The root, or the one resource in `contained`, `resource` or `outcome`. */
  #resource(tag: XmlTag, start: number): Frame {
    const holder = this.#top;
    const name = tag.local;
    if (!this.#registry.isResourceType(name)) {
      const near = nearestName(name, this.#registry.resourceTypes);
      this.#fail(
        `<${tag.name}> is no resource of FHIR R4${near === undefined ? '' : `: did you mean ${near}?`}`,
        start,
      );
    }
    const object: Draft = { resourceType: name };
    if (holder === undefined) this.#root = object;
    else {
      if (holder.text !== undefined) this.#fail('there must be one resource here, not two', start);
      holder.text = name;
      if (holder.parent && holder.member) add(holder.parent, holder.member, { value: object });
    }
    const depth = (holder?.depth ?? 0) + 1;
    this.#limit(depth, start);
    return {
      kind: 'object',
      member: undefined,
      type: this.#typeOf(name),
      parent: holder,
      index: -1,
      depth,
      start,
      object,
    };
  }

  #memberOf(parent: Frame, tag: XmlTag, start: number): XmlMember {
    const member = parent.type.members.get(tag.local);
    if (member === undefined || member.form === 'attribute') {
      const near = nearestName(tag.local, parent.type.members.keys());
      const hint = member ? `: it is an attribute` : near === undefined ? '' : `: did you mean ${near}?`;
      this.#fail(`${parent.type.name} has no element <${tag.local}>${hint}`, start, `.${tag.local}`);
    }
    if (!member.list && countOf(parent, member) > 0) {
      this.#fail(`${parent.type.name}.${member.name} does not repeat`, start, `.${member.name}`);
    }
    return member;
  }

  #attributes(frame: Frame, tag: XmlTag, start: number): void {
    for (const key in tag.attributes) {
      const attribute = tag.attributes[key];
      if (attribute === undefined || attribute.name === 'xmlns' || attribute.prefix === 'xmlns') continue;
      if (attribute.uri !== SCHEMA_INSTANCE) this.#attribute(frame, attribute, tag, start);
    }
  }

  #attribute(frame: Frame, { name, value }: XmlAttribute, tag: XmlTag, start: number): void {
    if (name === 'value' && frame.kind === 'primitive') {
      frame.text = value;
      return;
    }
    const known = frame.kind !== 'holder' && frame.type.members.get(name)?.form === 'attribute';
    if (!known) {
      const hint = name === 'value' ? ', which is no primitive' : '';
      this.#fail(`the attribute ${name} is not allowed on <${tag.name}>${hint}`, start);
    }
    if (frame.kind === 'primitive') this.#limit(frame.depth, start);
    frame.object[name] = value;
  }

  close(tag: XmlTag, end: number): void {
    const narrative = this.#narrative;
    if (narrative !== undefined) {
      narrative.close(tag);
      if (narrative.depth > 0) return;
      if (this.#top && this.#narrativeMember) {
        add(this.#top, this.#narrativeMember, { value: narrative.result(this.#document, end) });
      }
      this.#narrative = undefined;
      return;
    }
    const frame = this.#top;
    if (frame === undefined) return;
    if (frame.kind === 'primitive') this.#closePrimitive(frame);
    else if (frame.kind === 'object') dropEmptyLists(frame);
    else if (frame.text === undefined) this.#fail(`<${tag.name}> must hold a resource`, frame.start);
    this.#top = frame.parent;
  }

  #closePrimitive(frame: Frame): void {
    const { member, parent, text } = frame;
    if (member === undefined || parent === undefined) return;
    dropEmptyLists(frame);
    if (text === undefined) {
      if (Object.keys(frame.object).length === 0)
        this.#fail(`<${member.name}> must have a value or an extension`, frame.start);
      addPrimitive(parent, member, undefined, frame.object);
      return;
    }
    const value = primitiveValue(member.value, text);
    if (typeof value === 'string') {
      this.#fail(`expected ${value}, found '${text.slice(0, 60)}' in <${member.name}>`, frame.start);
    }
    addPrimitive(parent, member, value, frame.object);
  }

  text(text: string, end: number): void {
    if (this.#narrative !== undefined) this.#narrative.text(text);
    else if (/\S/.test(text)) {
      this.#fail(
        `text is not allowed between elements ('${text.trim().slice(0, 40)}'): values go in the attribute value`,
        end - 1,
      );
    }
  }

  cdata(text: string, end: number): void {
    if (this.#narrative !== undefined) this.#narrative.cdata(text);
    else this.text(text, end);
  }

  instruction(): void {
    this.#narrative?.instruction();
  }

  comment(text: string): void {
    this.#narrative?.comment(text);
  }

  #openInNarrative(narrative: NarrativeReader, tag: XmlTag, start: number): void {
    const problem = narrative.open(tag);
    if (problem !== undefined) this.#fail(problem, start, '.div');
    this.#limit(narrative.depth, start);
  }

  #typeOf(name: string): XmlType {
    const type = this.#layout(name);
    if (type === undefined) throw new RangeError(`the definitions name the type ${name} but do not hold it`);
    return type;
  }

  #limit(depth: number, start: number): void {
    if (depth > MAXIMUM_DEPTH) this.#fail(`nested deeper than ${MAXIMUM_DEPTH} levels`, start);
  }

  #fail(what: string, at: number, below = ''): never {
    const expression = `${expressionOf(this.#top)}${below}`;
    throw malformedXml(this.#document, at, what, expression === '' ? undefined : expression);
  }
}
