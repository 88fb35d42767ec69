import type { ElementDefinition, Registry } from '../conformance/registry.ts';
import { LITERALS, parseJson, writeJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isObject, isResource, type Json, type JsonObject, listOf } from '../fhir/resource.ts';
import { elementsNamed } from '../search/element-names.ts';
import { preferences } from './preferences.ts';
import type { FhirRequest } from './request.ts';

/** A part of each resource (search.html#summary, search.html#elements). */
export type Subset =
  | { readonly kind: 'summary' | 'text' | 'data' }
  | { readonly kind: 'elements'; readonly names: readonly string[] };

export const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };
const SUMMARIES = { true: 'summary', text: 'text', data: 'data' } as const;

/**
 * What `_summary` and `_elements` ask of a read or history of one of the types; undefined for whole resources.
 * @throws Problem `invalid-search`, for `_summary=count` too: it counts what a search finds; and for what is no element,
 * which lenient handling leaves out.
 */
export function subsetOf(registry: Registry, request: FhirRequest, types: readonly string[]): Subset | undefined {
  let subset: Subset | undefined;
  for (const [name, value] of request.query) {
    if (name === '_summary') {
      if (value === 'false') continue;
      if (!Object.hasOwn(SUMMARIES, value)) {
        throw new Problem(
          'invalid-search',
          `_summary=${value} is not one of true, text, data, false${value === 'count' ? '; count is for searches' : ''}`,
        );
      }
      if (subset?.kind !== 'elements') subset = { kind: SUMMARIES[value as keyof typeof SUMMARIES] };
    } else if (name === '_elements' && value !== '') {
      const names = elementsOf(registry, request, types, value);
      if (names.length === 0) continue;
      subset = { kind: 'elements', names: [...(subset?.kind === 'elements' ? subset.names : []), ...names] };
    }
  }
  return subset;
}

function elementsOf(
  registry: Registry,
  request: FhirRequest,
  types: readonly string[],
  value: string,
): readonly string[] {
  try {
    return elementsNamed(registry, types, '_elements', value);
  } catch (error) {
    if (error instanceof Problem && preferences(request).handling === 'lenient') return [];
    throw error;
  }
}

/** A stored body as it is shown: whole, or cut down to what is wanted of it. */
export const shownBody = (registry: Registry, body: Buffer, wanted: Subset | undefined): Buffer =>
  wanted === undefined ? body : subset(registry, body, wanted);

/** The body cut down to the subset and tagged SUBSETTED. */
export function subset(registry: Registry, body: Buffer, wanted: Subset): Buffer {
  const resource = parseJson(body);
  if (!isResource(resource)) return body;
  const type = resource.resourceType;
  const elements = registry.type(type)?.elements ?? [];
  const cut = keep(
    registry,
    resource,
    elements,
    (element) => isWanted(element, type, wanted),
    wanted.kind === 'summary',
  );
  const meta = isObject(resource['meta']) ? resource['meta'] : {};
  const { id } = resource;
  const tagged = { ...meta, tag: [...listOf(meta['tag']), SUBSETTED] };
  return Buffer.from(writeJson({ resourceType: type, ...(id !== undefined && { id }), ...cut, meta: tagged }));
}

function isWanted(element: ElementDefinition, type: string, wanted: Subset): boolean {
  if (element.name === 'id' || element.name === 'meta') return true;
  switch (wanted.kind) {
    case 'summary':
      return element.isSummary;
    case 'text':
      return element.name === 'text' || element.min > 0;
    case 'data':
      return element.name !== 'text';
    case 'elements':
      return (
        element.min > 0 || wanted.names.some((name) => name === element.name || name === `${type}.${element.name}`)
      );
    default:
      return wanted satisfies never;
  }
}

function keep(
  registry: Registry,
  source: JsonObject,
  elements: readonly ElementDefinition[],
  wanted: (element: ElementDefinition) => boolean,
  deep: boolean,
): JsonObject {
  const kept: Record<string, Json | undefined> = {};
  for (const member of Object.keys(source)) {
    const element = elements.find((candidate) => names(candidate, member));
    if (element === undefined || !wanted(element)) continue;
    const [backbone] = element.types;
    const inner = deep && backbone?.includes('.') ? registry.type(backbone)?.elements : undefined;
    const value = source[member];
    kept[member] = inner === undefined ? value : cutDown(registry, value, inner, wanted);
  }
  // Literals of decimals travel with the object that holds them (json.ts).
  const literals = (source as { [LITERALS]?: unknown })[LITERALS];
  return literals === undefined ? kept : Object.assign(kept, { [LITERALS]: literals });
}

function cutDown(
  registry: Registry,
  value: Json | undefined,
  elements: readonly ElementDefinition[],
  wanted: (element: ElementDefinition) => boolean,
): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => cutDown(registry, item, elements, wanted) ?? null);
  return isObject(value) ? keep(registry, value, elements, wanted, true) : value;
}

/** True where a JSON member belongs to the element: `_birthDate` and `valueQuantity` included. */
function names(element: ElementDefinition, member: string): boolean {
  const name = member.startsWith('_') ? member.slice(1) : member;
  if (name === element.name) return true;
  return element.choice && name.startsWith(element.name) && /^[A-Z]/.test(name.slice(element.name.length));
}
