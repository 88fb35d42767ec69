import { referencedType } from '../../reference.ts';
import { isObject, isResource, type Json } from '../../resource.ts';
import type { Scope } from '../environment.ts';
import { collectionExpression, single } from '../expression.ts';
import { appendChildren, MemberStep } from '../member-step.ts';
import { EMPTY, FhirPathNode, rootNode } from '../node.ts';
import type { FunctionTable } from './definition.ts';

const CONTAINED = new MemberStep('contained');

/** The resource whose `contained` a `#fragment` of this node points into. */
const containerOf = (node: FhirPathNode): FhirPathNode | undefined => {
  let found: FhirPathNode | undefined;
  for (let at: FhirPathNode | undefined = node; at !== undefined; at = at.parent) {
    if (!isResource(at.value)) continue;
    found = at;
    if (at.name !== 'contained') break;
  }
  return found;
};

const containedResource = (node: FhirPathNode, id: string, scope: Scope): FhirPathNode | undefined => {
  for (const container of [containerOf(node), scope.rootResource]) {
    if (container === undefined) continue;
    if (id === '') return container;
    const contained: FhirPathNode[] = [];
    CONTAINED.append(container, contained, scope.model);
    const found = contained.find(({ value }) => isObject(value) && value['id'] === id);
    if (found) return found;
  }
  return undefined;
};

/** A resource of the type that the reference tells, for `resolve() is Patient` where the resource itself is not at hand. */
const standIn = (text: string, value: Json | undefined): FhirPathNode | undefined => {
  const stated = isObject(value) ? value['type'] : undefined;
  const type = referencedType(text) ?? (typeof stated === 'string' ? stated : undefined);
  return type === undefined ? undefined : new FhirPathNode({ resourceType: type }, type);
};

const resolved = (node: FhirPathNode, scope: Scope): FhirPathNode | undefined => {
  const { value } = node;
  const text = isObject(value) ? value['reference'] : value;
  if (typeof text !== 'string') return standIn('', value);
  if (text.startsWith('#')) return containedResource(node, text.slice(1), scope);
  const found = scope.environment.resolve?.(text, node);
  return found === undefined || found === null ? standIn(text, value) : rootNode(found);
};

/** FHIRPath N1 §5.8, and FHIR's extension() and resolve() (fhirpath.html#functions). */
export const NAVIGATION: FunctionTable = {
  children: {
    parameters: [],
    required: 0,
    build: (focus) =>
      collectionExpression((self, scope) => {
        const out: FhirPathNode[] = [];
        for (const node of focus.evaluate(self, scope)) appendChildren(node, out, scope.model);
        return out;
      }),
  },
  descendants: {
    parameters: [],
    required: 0,
    build: (focus) =>
      collectionExpression((self, scope) => {
        const out: FhirPathNode[] = [];
        for (const node of focus.evaluate(self, scope)) appendChildren(node, out, scope.model);
        // `out` grows while it is walked: breadth first, as repeat(children()) would.
        for (let at = 0; at < out.length; at++) appendChildren(out[at] as FhirPathNode, out, scope.model);
        return out;
      }),
  },
  extension: {
    parameters: ['value'],
    required: 1,
    build: (focus, [url]) => {
      const step = new MemberStep('extension');
      return collectionExpression((self, scope) => {
        const wanted = url && single(url.evaluate(self, scope), 'extension()')?.value;
        if (wanted === undefined) return EMPTY;
        const out: FhirPathNode[] = [];
        for (const node of focus.evaluate(self, scope)) step.append(node, out, scope.model);
        return out.filter(({ value }) => isObject(value) && value['url'] === wanted);
      });
    },
  },
  resolve: {
    parameters: [],
    required: 0,
    build: (focus) =>
      collectionExpression((self, scope) => focus.evaluate(self, scope).flatMap((node) => resolved(node, scope) ?? [])),
  },
};
