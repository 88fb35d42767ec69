import { loadRegistry } from '../../src/conformance/r4-registry.ts';
import { parseJson } from '../../src/fhir/json.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import { extractor } from '../../src/search/extract.ts';
import { type ParsedSearch, parseSearch, type SearchOptions } from '../../src/search/parse.ts';
import { satisfies } from '../../src/search/satisfies.ts';

export const BASE = 'http://hospital.example/fhir';
export const NOW = Date.UTC(2024, 0, 1);
export const registry = loadRegistry();
const extraction = extractor(registry, BASE);

export const valuesOf = (resource: Resource) => extraction.extract(resource);

export const parse = (type: string, query: string, options: Partial<SearchOptions> = {}): ParsedSearch =>
  parseSearch(registry, type === '*' ? registry.resourceTypes : [type], [...new URLSearchParams(query)], {
    handling: 'strict',
    base: BASE,
    now: NOW,
    maxCount: 1000,
    defaultCount: 20,
    ...options,
  });

/** Whether a search for the resource's type finds it, as the in-memory evaluator has it. */
export const finds = (resource: Resource, query: string): boolean | undefined => {
  const lastUpdated = Date.UTC(2023, 5, 15, 12, 0, 0, 500);
  const facts = { type: resource.resourceType, id: resource.id ?? 'x', lastUpdated, values: valuesOf(resource) };
  return satisfies(facts, parse(resource.resourceType, query).query.where);
};

export const resourceOf = (text: string): Resource => {
  const json = parseJson(text);
  if (!isResource(json)) throw new Error('no resource');
  return json;
};

/** The Problem that the search ends in. */
export const refusal = (type: string, query: string): Problem => {
  try {
    parse(type, query);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error(`${type}?${query} was not refused`);
};
