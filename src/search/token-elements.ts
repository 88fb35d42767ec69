import type { Registry, SearchParameterDefinition } from '../conformance/registry.ts';
import type { Json } from '../fhir/resource.ts';
import { elementPaths } from './element-path.ts';
import type { Emit } from './emit.ts';
import { below } from './index-values.ts';

/** What a token parameter is about, where that changes how it is searched. */
export type TokenElements = 'strings' | 'mime-types' | 'others';

const MIME_TYPES = 'http://hl7.org/fhir/ValueSet/mimetypes';
/** Elements whose value is a string: "then the search is not case sensitive" (search.html#token). */
const TEXT = new Set(['string', 'ContactPoint']);
const cache = new WeakMap<SearchParameterDefinition, TokenElements>();

export const tokenElements = (
  registry: Registry,
  type: string,
  definition: SearchParameterDefinition,
): TokenElements => {
  const known = cache.get(definition);
  if (known !== undefined) return known;
  const found = find(registry, type, definition.expression);
  cache.set(definition, found);
  return found;
};

const find = (registry: Registry, type: string, expression: string): TokenElements => {
  const paths = elementPaths(registry, type, expression) ?? [];
  if (paths.length === 0) return 'others';
  if (paths.every((path) => TEXT.has(path.type))) return 'strings';
  const bound = paths.every(({ steps }) => {
    const parent = steps.at(-2)?.type ?? type;
    const element = registry.type(parent)?.elements.find(({ name }) => name === steps.at(-1)?.property);
    return element?.binding?.valueSet.split('|', 1)[0] === MIME_TYPES;
  });
  return bound ? 'mime-types' : 'others';
};

/** The base part of a mime type: `text/xml` of `text/xml; charset=UTF-8` (search.html#mimetype). */
export const baseMimeType = (text: string): string => (text.split(';', 1)[0] ?? '').trim().toLowerCase();

export const putBaseMimeType: Emit = (element: Json, param, out) => {
  if (typeof element !== 'string' || baseMimeType(element) === '') return;
  out.push({ kind: 'token', param: below(param), system: null, code: baseMimeType(element) });
};
