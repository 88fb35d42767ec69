import type { Registry } from '../conformance/registry.ts';
import type { Resource } from '../fhir/resource.ts';
import { type Extractor, extractor } from '../search/extract.ts';
import type { IndexValue } from '../search/index-values.ts';

// One compiled extractor a registry, until its search parameters change: compiling is dear, extracting is cheap.
const EXTRACTORS = new WeakMap<object, Map<string, Extractor>>();

/** What a resource is found by, as the registry's search parameters say. */
export function indexValues(registry: Registry, base: string, resource: Resource): readonly IndexValue[] {
  let bases = EXTRACTORS.get(registry.searchEpoch);
  if (bases === undefined) {
    bases = new Map();
    EXTRACTORS.set(registry.searchEpoch, bases);
  }
  let compiled = bases.get(base);
  if (compiled === undefined) {
    compiled = extractor(registry, base);
    bases.set(base, compiled);
  }
  return compiled.extract(resource);
}
