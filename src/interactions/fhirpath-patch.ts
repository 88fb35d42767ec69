import type { Registry } from '../conformance/registry.ts';
import { typeModel } from '../conformance/type-model.ts';
import { compile } from '../fhir/fhirpath/compile.ts';
import type { TypeModel } from '../fhir/fhirpath/model.ts';
import type { FhirPathNode } from '../fhir/fhirpath/node.ts';
import { LITERALS, literal } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isObject, isResource, type Json, type JsonObject, listOf } from '../fhir/resource.ts';

type Mutable = { [member: string]: Json | undefined; [LITERALS]?: { readonly [member: string]: string } };
interface Value {
  readonly json: Json;
  /** As in `value[x]`, with its capital; '' for a backbone. */
  readonly type: string;
  /** The literal of a number. */
  readonly text: string;
}
interface Operation {
  readonly type: string;
  readonly path: string;
  readonly name?: string;
  readonly value?: Value;
  readonly index?: number;
  readonly source?: number;
  readonly destination?: number;
}

/** Applies a FHIRPath Patch (fhirpatch.html) to a freshly parsed resource, in place, and returns it. Throws Problem naming the operation. */
export function applyFhirPathPatch(registry: Registry, document: Json, parameters: Json): Json {
  if (!isResource(parameters) || parameters.resourceType !== 'Parameters') {
    throw new Problem('invalid', 'A FHIRPath Patch is a Parameters resource', { expression: ['resourceType'] });
  }
  const operations = listOf(parameters['parameter']);
  if (operations.length === 0)
    throw new Problem('invalid', 'The patch has no operation', { expression: ['Parameters.parameter'] });
  for (const [index, parameter] of operations.entries()) {
    const expression = `Parameters.parameter[${index}]`;
    try {
      apply(registry, document, operationOf(parameter));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw new Problem(error.kind, `${expression}: ${error.message}`, { expression: [expression] });
    }
  }
  return document;
}

function operationOf(parameter: Json): Operation {
  if (!isObject(parameter) || parameter['name'] !== 'operation')
    throw new Problem('invalid', "it is not named 'operation'");
  const parts = new Map<string, Value>();
  for (const part of listOf(parameter['part'])) {
    if (isObject(part) && typeof part['name'] === 'string') parts.set(part['name'], partValue(part));
  }
  const text = (name: string): string | undefined => {
    const json = parts.get(name)?.json;
    return typeof json === 'string' ? json : undefined;
  };
  const number = (name: string): number | undefined => {
    const json = parts.get(name)?.json;
    return typeof json === 'number' ? json : undefined;
  };
  const type = text('type');
  const path = text('path');
  if (type === undefined || path === undefined) throw new Problem('invalid', "it needs the parts 'type' and 'path'");
  const [name, value, index, source, destination] = [
    text('name'),
    parts.get('value'),
    number('index'),
    number('source'),
    number('destination'),
  ];
  return {
    type,
    path,
    ...(name !== undefined && { name }),
    ...(value !== undefined && { value }),
    ...(index !== undefined && { index }),
    ...(source !== undefined && { source }),
    ...(destination !== undefined && { destination }),
  };
}

/** A value[x], or parts that stand for an element without a type of its own (a backbone). */
function partValue(part: JsonObject): Value {
  const member = Object.keys(part).find((key) => /^value[A-Z]/.test(key));
  if (member !== undefined)
    return { json: part[member] ?? null, type: member.slice('value'.length), text: literal(part, member) };
  const built: Mutable = {};
  for (const inner of listOf(part['part'])) {
    if (!isObject(inner) || typeof inner['name'] !== 'string') continue;
    const value = partValue(inner);
    const before = Object.hasOwn(built, inner['name']) ? built[inner['name']] : undefined;
    if (before === undefined) put(built, inner['name'], value);
    else built[inner['name']] = [...listOf(before), value.json];
  }
  return { json: built as JsonObject, type: '', text: '' };
}

function apply(registry: Registry, document: Json, operation: Operation): void {
  const nodes = compile(operation.path).evaluate(document, { model: modelOf(registry) });
  switch (operation.type) {
    case 'add':
      add(registry, only(nodes, operation.path), operation);
      return;
    case 'insert':
      insert(nodes, operation);
      return;
    case 'delete':
      if (nodes.length > 1)
        throw new Problem('business-rule', `'${operation.path}' selects ${nodes.length} elements, not one`);
      for (const node of nodes) removeNode(node);
      return;
    case 'replace':
      replace(only(nodes, operation.path), statedValue(operation));
      return;
    case 'move':
      move(nodes, operation);
      return;
    default:
      throw new Problem('invalid', `'${operation.type}' is not one of add, insert, delete, replace, move`);
  }
}

function only(nodes: readonly FhirPathNode[], path: string): FhirPathNode {
  const [node] = nodes;
  if (nodes.length === 1 && node !== undefined) return node;
  throw new Problem('business-rule', `'${path}' selects ${nodes.length} elements, not one`);
}
const statedValue = ({ value }: Operation): Value => {
  if (value === undefined) throw new Problem('invalid', "it needs the part 'value'");
  return value;
};

/** The object that holds a node. What an expression computed has no place in the resource. */
function holderOf(node: FhirPathNode): Mutable {
  const holder = node.parent?.value;
  if (isObject(holder)) return holder as Mutable;
  throw new Problem('business-rule', 'the path does not select an element of the resource that could be changed');
}
function listHolding(node: FhirPathNode): Json[] | undefined {
  const list = holderOf(node)[node.member];
  return Array.isArray(list) ? (list as Json[]) : undefined;
}

function add(registry: Registry, node: FhirPathNode, operation: Operation): void {
  const value = statedValue(operation);
  const { name = '' } = operation;
  const element = registry.type(node.type ?? '')?.elements.find((candidate) => candidate.name === name);
  if (element === undefined || !isObject(node.value)) {
    throw new Problem('business-rule', `'${operation.path}' has no element '${name}' that could be added`);
  }
  const target = node.value as Mutable;
  if (element.max > 1) target[name] = [...listOf(target[name]), value.json];
  else put(target, element.choice ? `${name}${value.type}` : name, value);
}

/** Sets a member, a decimal with its literal, so that 0.10 stays 0.10. */
function put(target: Mutable, member: string, { json, text }: Value): void {
  target[member] = json;
  if (typeof json === 'number' && text !== String(json)) target[LITERALS] = { ...target[LITERALS], [member]: text };
}

const MODELS = new WeakMap<Registry, TypeModel>();
function modelOf(registry: Registry): TypeModel {
  const model = MODELS.get(registry) ?? typeModel(registry);
  MODELS.set(registry, model);
  return model;
}

function insert(nodes: readonly FhirPathNode[], operation: Operation): void {
  const list = nodes[0] && listHolding(nodes[0]);
  const { index } = operation;
  if (list === undefined) throw new Problem('business-rule', `'${operation.path}' is no list`);
  if (index === undefined || index < 0 || index > list.length)
    throw new Problem('business-rule', `index ${index} is not within 0 to ${list.length}`);
  list.splice(index, 0, statedValue(operation).json);
}

function removeNode(node: FhirPathNode): void {
  const holder = holderOf(node);
  const list = listHolding(node);
  if (list !== undefined && list.length > 1) list.splice(node.index, 1);
  else {
    delete holder[node.member];
    delete holder[`_${node.member}`];
  }
}

function replace(node: FhirPathNode, value: Value): void {
  const list = listHolding(node);
  if (list !== undefined) {
    list[node.index] = value.json;
    return;
  }
  const holder = holderOf(node);
  const choice = node.member !== node.name && value.type !== '';
  if (choice) delete holder[node.member];
  put(holder, choice ? `${node.name}${value.type}` : node.member, value);
}

function move(nodes: readonly FhirPathNode[], { path, source, destination }: Operation): void {
  const list = nodes[0] && listHolding(nodes[0]);
  if (list === undefined || source === undefined || destination === undefined) {
    throw new Problem('invalid', `'${path}' must be a list, with the parts 'source' and 'destination'`);
  }
  if (Math.min(source, destination) < 0 || Math.max(source, destination) >= list.length) {
    throw new Problem(
      'business-rule',
      `source ${source} and destination ${destination} must be within 0 to ${list.length - 1}`,
    );
  }
  list.splice(destination, 0, ...list.splice(source, 1));
}
