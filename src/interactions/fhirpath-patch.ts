import type { Registry } from '../conformance/registry.ts';
import { typeModel } from '../conformance/type-model.ts';
import { compile } from '../fhir/fhirpath/compile.ts';
import type { TypeModel } from '../fhir/fhirpath/model.ts';
import type { FhirPathNode } from '../fhir/fhirpath/node.ts';
import { setMember } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isObject, isResource, type Json, listOf } from '../fhir/resource.ts';
import {
  commonList,
  companionOf,
  holderOf,
  listHolding,
  type Mutable,
  moveInList,
  removeNode,
  spliceList,
} from './fhirpath-patch-place.ts';
import { type PartValue, partValue, builtValue } from './fhirpath-patch-value.ts';

interface Operation {
  readonly type: string;
  readonly path: string;
  readonly name?: string;
  readonly value?: PartValue;
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

const PARTS: readonly string[] = ['type', 'path', 'name', 'value', 'index', 'source', 'destination'];

function operationOf(parameter: Json): Operation {
  if (!isObject(parameter) || parameter['name'] !== 'operation')
    throw new Problem('invalid', "it is not named 'operation'");
  const parts = new Map<string, PartValue>();
  for (const part of listOf(parameter['part'])) {
    const name = isObject(part) ? part['name'] : undefined;
    if (!isObject(part) || typeof name !== 'string' || !PARTS.includes(name)) {
      throw new Problem('invalid', `the part '${String(name)}' is not one of ${PARTS.join(', ')}`);
    }
    if (parts.has(name)) throw new Problem('invalid', `the part '${name}' is given twice`);
    parts.set(name, partValue(part));
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

function apply(registry: Registry, document: Json, operation: Operation): void {
  const nodes = compile(operation.path).evaluate(document, { model: modelOf(registry) });
  switch (operation.type) {
    case 'add':
      add(registry, only(nodes, operation.path), operation);
      return;
    case 'insert':
      insert(registry, nodes, operation);
      return;
    case 'delete':
      if (nodes.length > 1)
        throw new Problem('business-rule', `'${operation.path}' selects ${nodes.length} elements, not one`);
      for (const node of nodes) removeNode(node);
      return;
    case 'replace':
      replace(registry, only(nodes, operation.path), statedValue(operation));
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
const statedValue = ({ value }: Operation): PartValue => {
  if (value === undefined) throw new Problem('invalid', "it needs the part 'value'");
  return value;
};

function add(registry: Registry, node: FhirPathNode, operation: Operation): void {
  const stated = statedValue(operation);
  const { name = '', path } = operation;
  const element = registry.type(node.type ?? '')?.elements.find((candidate) => candidate.name === name);
  const besides = name === 'extension' || name === 'id';
  if (element === undefined || !(isObject(node.value) || besides)) {
    throw new Problem('business-rule', `'${path}' has no element '${name}' that could be added`);
  }
  const target = isObject(node.value) ? (node.value as Mutable) : companionOf(node);
  const value = builtValue(registry, stated, element.types[0]);
  if (element.max > 1) {
    target[name] = [...listOf(target[name]), value.json];
    const beside = target[`_${name}`];
    if (Array.isArray(beside)) target[`_${name}`] = [...beside, null];
    return;
  }
  const member = element.choice ? `${name}${value.type}` : name;
  if (target[member] !== undefined) {
    throw new Problem('business-rule', `'${path}' has an element '${name}' already and only one: replace it instead`);
  }
  setMember(target, member, value.json, value.text);
}

const MODELS = new WeakMap<Registry, TypeModel>();
function modelOf(registry: Registry): TypeModel {
  const model = MODELS.get(registry) ?? typeModel(registry);
  MODELS.set(registry, model);
  return model;
}

function insert(registry: Registry, nodes: readonly FhirPathNode[], operation: Operation): void {
  const list = commonList(nodes);
  const [node] = nodes;
  const { index } = operation;
  if (list === undefined || node === undefined) throw new Problem('business-rule', `'${operation.path}' is no list`);
  if (index === undefined || index < 0 || index > list.length)
    throw new Problem('business-rule', `index ${index} is not within 0 to ${list.length}`);
  spliceList(node, index, 0, [builtValue(registry, statedValue(operation), node.type).json]);
}

function replace(registry: Registry, node: FhirPathNode, stated: PartValue): void {
  const value = builtValue(registry, stated, node.type);
  const list = listHolding(node);
  if (list !== undefined) {
    list[node.index] = value.json;
    return;
  }
  const holder = holderOf(node);
  const choice = node.member !== node.name && value.type !== '';
  if (choice) {
    delete holder[node.member];
    delete holder[`_${node.member}`];
  }
  setMember(holder, choice ? `${node.name}${value.type}` : node.member, value.json, value.text);
}

function move(nodes: readonly FhirPathNode[], { path, source, destination }: Operation): void {
  const list = commonList(nodes);
  const [node] = nodes;
  if (list === undefined || node === undefined || source === undefined || destination === undefined) {
    throw new Problem('invalid', `'${path}' must be a list, with the parts 'source' and 'destination'`);
  }
  if (Math.min(source, destination) < 0 || Math.max(source, destination) >= list.length) {
    throw new Problem(
      'business-rule',
      `source ${source} and destination ${destination} must be within 0 to ${list.length - 1}`,
    );
  }
  moveInList(node, source, destination);
}
