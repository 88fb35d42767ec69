import { FHIR_NAMESPACE, XHTML_NAMESPACE } from '../conformance/xml/scanner.ts';
import type { XmlElement, XmlNode } from '../conformance/xml/tree.ts';
import { Problem } from '../fhir/problem.ts';

/** What a selector points at: a node among its siblings, or an attribute of an element. */
export type Selected =
  | { readonly kind: 'node'; readonly parent: XmlElement; readonly node: XmlNode }
  | { readonly kind: 'attribute'; readonly element: XmlElement; readonly name: string };

const STEP = /^(?:([\w.-]+):)?([\w.-]+|\*)((?:\[[^\]]*\])*)$/;
const ATTRIBUTE = /^@([\w.-]+)$/;
const PREDICATE = /\[\s*(?:(\d+)|((?:[\w.:-]+\/)*@[\w.-]+)\s*=\s*(?:'([^']*)'|"([^"]*)"))\s*\]/y;
const LONGEST = 1000;

type Scope = Readonly<Record<string, string>>;

/**
 * Resolves a selector of XML Patch (RFC 5261 §4.1): element names, `*`, `@attribute`, and the predicates `[2]`,
 * `[@url='x']` and, since FHIR keeps values in attributes, `[f:use/@value='home']`. Exactly one node must match.
 * `holder` has the document's root as its only child. Throws Problem `invalid`.
 */
export const select = (holder: XmlElement, selector: string, scope: Scope): Selected => {
  if (selector.length > LONGEST) throw new Problem('invalid', `a selector has at most ${LONGEST} characters`);
  const steps = stepsOf(selector.trim().replace(/^\//, ''));
  const attribute = ATTRIBUTE.exec(steps.at(-1) ?? '')?.[1];
  if (attribute !== undefined) steps.pop();
  const found = steps.reduce<readonly Place[]>(
    (places, step) =>
      places.flatMap(({ node }) => (node.kind === 'element' ? stepped(node, step, selector, scope) : [])),
    [{ parent: holder, node: holder }],
  );
  const [only] = found;
  if (only === undefined || found.length > 1 || steps.length === 0) {
    throw new Problem('invalid', `the selector '${selector}' matches ${found.length} nodes; it must match exactly one`);
  }
  if (attribute === undefined) return { kind: 'node', ...only };
  if (only.node.kind !== 'element') throw unreadable(selector, 'narrative is replaced as a whole');
  return { kind: 'attribute', element: only.node, name: attribute };
};

interface Place {
  readonly parent: XmlElement;
  readonly node: XmlNode;
}

/** Splits at the slashes outside of predicates. */
const stepsOf = (selector: string): string[] =>
  selector.match(/(?:\[(?:'[^']*'|"[^"]*"|[^\]'"])*\]|[^/[])+/g)?.map((step) => step.trim()) ?? [];

const stepped = (parent: XmlElement, step: string, selector: string, scope: Scope): readonly Place[] => {
  const [, prefix, local = '', predicates = ''] = STEP.exec(maskedStep(step)) ?? [];
  if (local === '') throw unreadable(selector, `'${step}' is no step such as f:name[1]`);
  const uri = namespaceOf(prefix, scope, selector);
  let found = parent.children.filter((node) => matches(node, local, uri));
  let at = step.length - predicates.length;
  while (at < step.length) {
    PREDICATE.lastIndex = at;
    const predicate = PREDICATE.exec(step);
    if (predicate === null) throw unreadable(selector, `'${step.slice(at)}' is no predicate such as [1] or [@url='x']`);
    const [, position, path = '', single, double] = predicate;
    found =
      position === undefined
        ? found.filter((node) => valuesOf(node, path, selector, scope).includes(single ?? double ?? ''))
        : found.slice(Math.max(0, Number(position) - 1), Number(position));
    at += predicate[0].length;
  }
  return found.map((node) => ({ parent, node }));
};

/** The step with quoted text blanked, so that a `]` inside of it ends nothing. */
const maskedStep = (step: string): string => step.replace(/'[^']*'|"[^"]*"/g, (quoted) => '_'.repeat(quoted.length));

const matches = (node: XmlNode, local: string, uri: string): boolean => {
  if (node.kind === 'text') return false;
  if (node.kind === 'narrative') return (local === 'div' || local === '*') && uri === XHTML_NAMESPACE;
  return (local === '*' || node.local === local) && (node.uri || FHIR_NAMESPACE) === uri;
};

/** Values of `@name`, or of `f:child/@name`, below a node. */
const valuesOf = (node: XmlNode, path: string, selector: string, scope: Scope): readonly string[] => {
  const names = path.split('/');
  const attribute = (names.pop() ?? '').slice(1);
  const nodes = names.reduce<readonly XmlNode[]>(
    (reached, name) =>
      reached.flatMap((it) =>
        it.kind === 'element' ? stepped(it, name, selector, scope).map((place) => place.node) : [],
      ),
    [node],
  );
  return nodes
    .flatMap((it) => (it.kind === 'element' ? [it.attributes.get(attribute)] : []))
    .filter((it) => it !== undefined);
};

/** A name without a prefix is of the patch's default namespace, FHIR's where there is none. */
const namespaceOf = (prefix: string | undefined, scope: Scope, selector: string): string => {
  const uri = scope[prefix ?? ''];
  if (uri !== undefined && uri !== '') return uri;
  if (prefix === undefined) return FHIR_NAMESPACE;
  throw unreadable(selector, `the prefix ${prefix} is not declared`);
};

const unreadable = (selector: string, why: string): Problem =>
  new Problem('invalid', `the selector '${selector}' cannot be resolved: ${why}`);
