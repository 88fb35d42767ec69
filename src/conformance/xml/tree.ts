import { escapeXml, escapeXmlText } from './escape.ts';
import { NarrativeReader } from './narrative-reader.ts';
import {
  FHIR_NAMESPACE,
  malformedXml,
  scanXml,
  type XmlEvents,
  type XmlTag,
  xmlText,
  XHTML_NAMESPACE,
} from './scanner.ts';

/** An element of a small tree, for what needs XML as such (XML Patch). */
export interface XmlElement {
  readonly kind: 'element';
  readonly local: string;
  readonly uri: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlNode[];
  /** Namespaces in scope, by prefix. */
  readonly scope: Readonly<Record<string, string>>;
}

/** Narrative is one node, kept to the letter. */
export type XmlNode =
  | XmlElement
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'narrative'; readonly text: string };

const MAXIMUM_DEPTH = 64;

/** The root of a document. Throws Problem `malformed-body` as readXml does. */
export const xmlTree = (body: string | Uint8Array): XmlElement => {
  const text = typeof body === 'string' ? body : xmlText(body);
  const builder = new TreeBuilder(text);
  scanXml(text, builder);
  if (builder.root === undefined) throw malformedXml(text, text.length, 'it has no element');
  return builder.root;
};

/** The tree as a FHIR document. */
export const treeText = (root: XmlElement): string => written(root, ` xmlns="${FHIR_NAMESPACE}"`);

const written = (node: XmlNode, namespace: string): string => {
  if (node.kind === 'narrative') return node.text;
  if (node.kind === 'text') return escapeXmlText(node.text);
  let attributes = namespace;
  for (const [name, value] of node.attributes) attributes += ` ${name}="${escapeXml(value)}"`;
  return `<${node.local}${attributes}>${node.children.map((child) => written(child, '')).join('')}</${node.local}>`;
};

class TreeBuilder implements XmlEvents {
  readonly #document: string;
  readonly #stack: XmlElement[] = [];
  #narrative: NarrativeReader | undefined;
  root: XmlElement | undefined;

  constructor(document: string) {
    this.#document = document;
  }

  open(tag: XmlTag, start: number): void {
    const parent = this.#stack.at(-1);
    if (this.#narrative !== undefined || (parent !== undefined && tag.uri === XHTML_NAMESPACE)) {
      this.#narrative ??= new NarrativeReader(start);
      const problem = this.#narrative.open(tag);
      if (problem !== undefined) throw malformedXml(this.#document, start, problem);
      this.#limit(this.#narrative.depth, start);
      return;
    }
    const attributes = new Map<string, string>();
    for (const key in tag.attributes) {
      const attribute = tag.attributes[key];
      if (attribute !== undefined && attribute.prefix === '' && key !== 'xmlns') attributes.set(key, attribute.value);
    }
    const scope = { ...parent?.scope, ...tag.ns };
    const element: XmlElement = { kind: 'element', local: tag.local, uri: tag.uri, attributes, children: [], scope };
    if (parent === undefined) this.root = element;
    else parent.children.push(element);
    this.#stack.push(element);
    this.#limit(this.#stack.length, start);
  }

  close(tag: XmlTag, end: number): void {
    if (this.#narrative === undefined) {
      this.#stack.pop();
      return;
    }
    this.#narrative.close(tag);
    if (this.#narrative.depth > 0) return;
    this.#stack.at(-1)?.children.push({ kind: 'narrative', text: this.#narrative.result(this.#document, end) });
    this.#narrative = undefined;
  }

  text(text: string): void {
    if (this.#narrative !== undefined) this.#narrative.text(text);
    else this.#stack.at(-1)?.children.push({ kind: 'text', text });
  }

  cdata(text: string): void {
    if (this.#narrative !== undefined) this.#narrative.cdata(text);
    else this.text(text);
  }

  instruction(): void {
    this.#narrative?.instruction();
  }

  comment(text: string): void {
    this.#narrative?.comment(text);
  }

  #limit(depth: number, start: number): void {
    if (depth > MAXIMUM_DEPTH) {
      throw malformedXml(this.#document, start, `nested deeper than ${MAXIMUM_DEPTH} levels`);
    }
  }
}
