import type { Registry, SearchParameterDefinition, SearchParameterType } from '../conformance/registry.ts';
import type { JsonObject, Resource } from '../fhir/resource.ts';
import { compositeWriter } from './composite.ts';
import { compartmentValues } from './compartment.ts';
import { containedWriter } from './contained.ts';
import { contentWriter } from './content.ts';
import { dateEmit } from './date.ts';
import { elementPaths } from './element-path.ts';
import { expressionWriter } from './expression-writer.ts';
import type { Emit } from './emit.ts';
import type { IndexValue } from './index-values.ts';
import { NEAR, positionWriter } from './near.ts';
import { numberEmit } from './number.ts';
import { PathTree } from './path-tree.ts';
import { quantityEmit } from './quantity.ts';
import { referenceEmit } from './reference.ts';
import { stringEmit } from './string.ts';
import { tokenEmit } from './token.ts';
import { putBaseMimeType, tokenElements } from './token-elements.ts';
import { uriEmit } from './uri.ts';

/** Writes out what resources are found by. Compiled once per type, from the search parameters' expressions. */
export interface Extractor {
  extract(resource: Resource): IndexValue[];
}

type Extract = (resource: Resource) => IndexValue[];

/** `base` is this server's FHIR base: absolute references below it become local. Types are compiled when first seen. */
export const extractor = (registry: Registry, base: string): Extractor => {
  const compiled = new Map<string, Extract>();
  const made: Extractor = {
    extract: (resource) => {
      const type = resource.resourceType;
      const extract = compiled.get(type) ?? compile(registry, type, base);
      compiled.set(type, extract);
      const values = extract(resource);
      contained(resource, values);
      return values;
    },
  };
  const contained = containedWriter(registry, (inner) => made.extract(inner));
  return made;
};

/** Kept by the stores as columns, or written as full text: not by an expression. */
const ELSEWHERE = new Set(['_id', '_lastUpdated', '_text', '_content']);

const compile = (registry: Registry, type: string, base: string): Extract => {
  const tree = new PathTree();
  const extra: ((resource: Resource, out: IndexValue[]) => void)[] = [];
  for (const definition of registry.searchParameters(type).values()) {
    if (ELSEWHERE.has(definition.code)) continue;
    if (definition.type === 'special') {
      if (definition.code === NEAR) extra.push(positionWriter(NEAR));
      continue;
    }
    if (definition.type === 'composite')
      extra.push(compositeWriter(registry, type, definition, (search, element) => emitFor(search, element, base, [])));
    else addParameter(registry, type, definition, base, tree, extra);
  }
  extra.push(contentWriter(registry));
  const compartment = compartmentValues(registry, type);
  return (resource) => {
    const out: IndexValue[] = [];
    tree.walk(resource, resource, out);
    for (const write of extra) write(resource, out);
    compartment(resource, out);
    return out;
  };
};

const addParameter = (
  registry: Registry,
  type: string,
  definition: SearchParameterDefinition,
  base: string,
  tree: PathTree,
  extra: ((resource: Resource, out: IndexValue[]) => void)[],
): void => {
  const presence = /^\w+\.(\w+)\.exists\(\) and \w+\.\1 != false$/.exec(definition.expression)?.[1];
  if (presence !== undefined) {
    extra.push(presenceWriter(registry, type, definition.code, presence));
    return;
  }
  const paths = elementPaths(registry, type, definition.expression);
  if (paths === undefined) {
    extra.push(
      expressionWriter(registry, definition, (element) => emitFor(definition.type, element, base, definition.targets)),
    );
    return;
  }
  const mime = definition.type === 'token' && tokenElements(registry, type, definition) === 'mime-types';
  for (const path of paths) {
    const emit = emitFor(definition.type, path.type, base, definition.targets);
    if (emit) tree.add(path.steps, definition.code, emit);
    if (mime) tree.add(path.steps, definition.code, putBaseMimeType);
  }
};

/** Patient.deceased and its like: true where there is a value other than false, else false. */
const presenceWriter = (registry: Registry, type: string, param: string, element: string) => {
  const properties = (elementPaths(registry, type, element) ?? []).map((path) => path.steps[0]?.property ?? element);
  return (resource: JsonObject, out: IndexValue[]): void => {
    const present = properties.some((property) => (resource[property] ?? false) !== false);
    out.push({ kind: 'token', param, system: null, code: String(present) });
  };
};

/** How elements of a FHIR type are written out for a type of search parameter; undefined where the two do not go together. */
const emitFor = (
  search: SearchParameterType,
  element: string,
  base: string,
  targets: readonly string[],
): Emit | undefined => {
  switch (search) {
    case 'token':
      return tokenEmit(element);
    case 'string':
      return stringEmit(element);
    case 'date':
      return dateEmit(element);
    case 'number':
      return numberEmit(element);
    case 'quantity':
      return quantityEmit(element);
    case 'reference':
      return referenceEmit(element, base, targets);
    case 'uri':
      return uriEmit(element);
    case 'composite':
    case 'special':
      return undefined;
    default:
      return search satisfies never;
  }
};
