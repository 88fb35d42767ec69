import type { FhirPathNode } from '../fhir/fhirpath/node.ts';
import type { LITERALS } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isObject, type Json, type JsonObject } from '../fhir/resource.ts';

export type Mutable = { [member: string]: Json | undefined; [LITERALS]?: { readonly [member: string]: string } };

/** The object that holds a node. What an expression computed has no place in the resource. */
export function holderOf(node: FhirPathNode): Mutable {
  const holder = node.parent?.value;
  if (isObject(holder)) return holder as Mutable;
  throw new Problem('business-rule', 'the path does not select an element of the resource that could be changed');
}

export function listHolding(node: FhirPathNode): Json[] | undefined {
  const list = holderOf(node)[node.member];
  return Array.isArray(list) ? (list as Json[]) : undefined;
}

/** The one list that all nodes are of; undefined where there is none. Throws Problem `business-rule` for several. */
export function commonList(nodes: readonly FhirPathNode[]): Json[] | undefined {
  const [first] = nodes;
  const list = first && listHolding(first);
  if (nodes.every((node) => listHolding(node) === list)) return list;
  throw new Problem('business-rule', 'the path selects elements of more than one list');
}

/** Splices the list that a node is of and, with it, what stands beside its primitives: ids and extensions go where their value goes. */
export function spliceList(node: FhirPathNode, start: number, remove: number, added: readonly Json[] = []): Json[] {
  const list = listHolding(node) ?? [];
  const holder = holderOf(node);
  const beside = holder[`_${node.member}`];
  if (Array.isArray(beside)) {
    const companions = Array.from(list, (_, index) => (beside[index] ?? null) as Json);
    companions.splice(start, remove, ...added.map(() => null));
    setBeside(holder, node.member, companions);
  }
  return list.splice(start, remove, ...added);
}

export function moveInList(node: FhirPathNode, source: number, destination: number): void {
  const list = listHolding(node) ?? [];
  const holder = holderOf(node);
  const beside = holder[`_${node.member}`];
  if (Array.isArray(beside)) {
    const companions = Array.from(list, (_, index) => (beside[index] ?? null) as Json);
    companions.splice(destination, 0, ...companions.splice(source, 1));
    holder[`_${node.member}`] = companions;
  }
  list.splice(destination, 0, ...list.splice(source, 1));
}

function setBeside(holder: Mutable, member: string, companions: readonly Json[]): void {
  if (companions.some((companion) => companion !== null)) holder[`_${member}`] = companions;
  else delete holder[`_${member}`];
}

/** Takes a node out of the resource, and what stood beside a primitive where nothing is left of it. */
export function removeNode(node: FhirPathNode): void {
  const list = listHolding(node);
  if (list !== undefined && list.length > 1) {
    spliceList(node, node.index, 1);
    return;
  }
  const holder = holderOf(node);
  delete holder[node.member];
  delete holder[`_${node.member}`];
  if (Object.keys(holder).length === 0) removeCompanion(node.parent);
}

/** The object beside a primitive that has lost its last extension. */
function removeCompanion(primitive: FhirPathNode | undefined): void {
  const holder = primitive?.parent?.value;
  if (primitive === undefined || !isObject(holder)) return;
  const beside = holder[`_${primitive.member}`];
  if (beside === primitive.value) delete (holder as Mutable)[`_${primitive.member}`];
  else if (Array.isArray(beside)) {
    const others = beside.map((companion) => (companion === primitive.value ? null : (companion as Json)));
    setBeside(holder as Mutable, primitive.member, others);
  }
}

/** What stands beside a primitive: its id and extensions; made where there is nothing yet. */
export function companionOf(node: FhirPathNode): Mutable {
  const existing = node.companion;
  if (existing !== undefined) return existing as Mutable;
  const made: Mutable = {};
  const holder = holderOf(node);
  const list = listHolding(node);
  const beside = holder[`_${node.member}`];
  holder[`_${node.member}`] =
    list === undefined
      ? (made as JsonObject)
      : list.map((_, index) =>
          index === node.index ? (made as JsonObject) : ((Array.isArray(beside) ? beside[index] : null) ?? null),
        );
  return made;
}
