import type { Registry } from '../conformance/registry.ts';
import { readXml } from '../conformance/xml/read-xml.ts';
import { treeText, xmlTree, type XmlElement, type XmlNode } from '../conformance/xml/tree.ts';
import { writeXml } from '../conformance/xml/write-xml.ts';
import { Problem } from '../fhir/problem.ts';
import { isResource, type Json } from '../fhir/resource.ts';
import { select, type Selected } from './xml-selector.ts';

/** Each operation may look at every element of the resource. */
const MAXIMUM_OPERATIONS = 1000;

/**
 * Applies an XML Patch (RFC 5261; http.html#patch) to a parsed resource: add, replace and remove of elements and
 * attributes. Throws Problem naming the operation.
 */
export function applyXmlPatch(registry: Registry, document: Json, body: Buffer): Json {
  if (!isResource(document)) throw new Problem('invalid', 'An XML Patch changes a resource');
  const diff = xmlTree(body);
  if (diff.local !== 'diff') throw new Problem('invalid', `An XML Patch is a <diff>, not a <${diff.local}>`);
  const root = xmlTree(writeXml(registry, document));
  const holder: XmlElement = { ...root, local: '', attributes: new Map(), children: [root] };
  const operations = elementsOf(diff);
  if (operations.length > MAXIMUM_OPERATIONS) {
    throw new Problem('too-large', `The patch has ${operations.length} operations; ${MAXIMUM_OPERATIONS} is the limit`);
  }
  for (const [index, operation] of operations.entries()) {
    try {
      apply(holder, operation);
    } catch (error) {
      if (error instanceof Problem) throw new Problem(error.kind, `Operation ${index} of the patch: ${error.message}`);
      throw error;
    }
  }
  return resourceOf(registry, holder);
}

function resourceOf(registry: Registry, holder: XmlElement): Json {
  const [root, ...others] = elementsOf(holder);
  if (root === undefined || others.length > 0) throw new Problem('invalid', 'The patch must leave one resource');
  try {
    return readXml(registry, treeText(root));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Lines and columns would be those of a document that the client has never seen.
    const what = error.message.replace(/^The XML is malformed at line \d+, column \d+: /, '');
    const [issue] = error.issues;
    throw new Problem('invalid', `The patch leaves no FHIR resource: ${what}`, {
      ...(issue?.expression && { expression: issue.expression }),
      cause: error,
    });
  }
}

const elementsOf = ({ children }: XmlElement): readonly XmlElement[] =>
  children.filter((node): node is XmlElement => node.kind === 'element');

function apply(holder: XmlElement, operation: XmlElement): void {
  const selector = operation.attributes.get('sel');
  if (selector === undefined) throw new Problem('invalid', `<${operation.local}> has no attribute sel`);
  const target = select(holder, selector, operation.scope);
  switch (operation.local) {
    case 'add':
      add(target, operation);
      return;
    case 'replace':
      replace(target, operation);
      return;
    case 'remove':
      if (target.kind === 'node') splice(target, 1, []);
      else if (!target.element.attributes.delete(target.name)) throw missing(target);
      return;
    default:
      throw new Problem('invalid', `<${operation.local}> is not one of add, replace, remove`);
  }
}

function add(target: Selected, operation: XmlElement): void {
  if (target.kind !== 'node') throw new Problem('invalid', "an attribute is added with type='@name', not by its path");
  const type = operation.attributes.get('type');
  const pos = operation.attributes.get('pos');
  if (type !== undefined) {
    const name = /^@([A-Za-z][\w.-]*)$/.exec(type)?.[1];
    if (name === undefined || target.node.kind !== 'element' || pos !== undefined) {
      throw new Problem('invalid', `type='${type}' is not supported here; type='@name' on an element is`);
    }
    if (target.node.attributes.has(name)) throw new Problem('invalid', `the attribute ${name} is there already`);
    target.node.attributes.set(name, textOf(operation));
    return;
  }
  const content = contentOf(operation);
  if (content.length === 0) throw new Problem('invalid', '<add> holds nothing to add');
  if (pos === 'before') splice(target, 0, content);
  else if (pos === 'after') splice(target, 0, content, 1);
  else if (target.node.kind !== 'element') throw new Problem('invalid', 'narrative is replaced as a whole');
  else if (pos === 'prepend') target.node.children.unshift(...content);
  else if (pos === undefined) target.node.children.push(...content);
  else throw new Problem('invalid', `pos='${pos}' is not one of prepend, before, after`);
}

function replace(target: Selected, operation: XmlElement): void {
  if (target.kind === 'attribute') {
    if (!target.element.attributes.has(target.name)) throw missing(target);
    target.element.attributes.set(target.name, textOf(operation));
    return;
  }
  const content = contentOf(operation);
  if (content.length !== 1) throw new Problem('invalid', '<replace> of an element holds exactly one element');
  splice(target, 1, content);
}

/** Elements and narrative of an operation, without the white space between them. */
function contentOf({ children }: XmlElement): readonly XmlNode[] {
  const content = children.filter((node) => node.kind !== 'text' || /\S/.test(node.text));
  if (content.some(({ kind }) => kind === 'text'))
    throw new Problem('invalid', 'FHIR XML has no text between elements');
  return content;
}

/** What an attribute is to hold. */
function textOf({ children }: XmlElement): string {
  if (children.some(({ kind }) => kind !== 'text')) throw new Problem('invalid', 'an attribute holds text alone');
  return children.map((node) => (node.kind === 'text' ? node.text : '')).join('');
}

function splice(
  target: Extract<Selected, { kind: 'node' }>,
  remove: number,
  added: readonly XmlNode[],
  offset = 0,
): void {
  const { children } = target.parent;
  children.splice(children.indexOf(target.node) + offset, remove, ...added);
}

const missing = ({ name }: { readonly name: string }): Problem =>
  new Problem('invalid', `there is no attribute ${name} at the selected element`);
