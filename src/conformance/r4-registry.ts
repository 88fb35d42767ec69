import type { Resource } from '../fhir/resource.ts';
import { generated } from './generated.ts';
import type { ExtraDefinitions } from './profiles-folder.ts';
import type { LiveRegistry, SearchParameterDefinition, StructureDefinitionSource } from './registry.ts';
import { hashOf, searchParameterTable } from './search-parameter-table.ts';
import { canonicalParts } from './terminology/read.ts';
import { Terminology } from './terminology/terminology.ts';
import { typeTable } from './type-table.ts';
import { ValueSetTable } from './value-set-table.ts';

type Compartments = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const isDefinition = (resource: Resource): resource is Resource & StructureDefinitionSource =>
  typeof resource['url'] === 'string' && typeof resource['type'] === 'string';

/** The generated file leaves out what all of it has in common. */
const published = (definition: StructureDefinitionSource): StructureDefinitionSource => ({
  ...definition,
  version: '4.0.1',
});

/** R4 4.0.1 as published, with definitions of our own merged in; one of ours replaces a published one of the same canonical. */
export const loadRegistry = (extra: ExtraDefinitions = {}): LiveRegistry => {
  const { types, abstract } = typeTable();
  const resourceTypes = [...types.values()]
    .filter(({ kind, name }) => kind === 'resource' && !abstract.has(name))
    .map(({ name }) => name)
    .sort();
  const known = new Set(resourceTypes);
  const supertypes = (type: string): readonly string[] => {
    const base = types.get(type)?.base;
    return base === undefined ? [] : [...supertypes(base), base];
  };
  const built = searchParameterTable(resourceTypes, supertypes, extra.searchParameters ?? []);
  const compartments = generated<Compartments>('compartments');
  // R4 lists Patient's own place in its compartment as `link` alone.
  const compartment = (owner: string, type: string): readonly string[] => [
    ...(owner === 'Patient' && type === 'Patient' ? ['{def}'] : []),
    ...(compartments[owner]?.[type] ?? []),
  ];
  const valueSets = new ValueSetTable(extra.valueSets ?? [], extra.codeSystems ?? []);
  const own = (extra.structureDefinitions ?? []).map((definition) => {
    if (!isDefinition(definition)) throw new Error(`StructureDefinition ${definition.id} lacks url or type`);
    return definition;
  });
  let definitions: ReadonlyMap<string, StructureDefinitionSource> | undefined;
  // Read at first use: a server starts faster, and some never see a profile.
  const definitionOf = (canonical: string): StructureDefinitionSource | undefined => {
    definitions ??= new Map(
      [...generated<readonly StructureDefinitionSource[]>('profiles').map(published), ...own].map((it) => [it.url, it]),
    );
    const { url, version } = canonicalParts(canonical);
    const found = definitions.get(url);
    return version === undefined || found?.['version'] === version ? found : undefined;
  };
  let parameters = built;
  let hashes = new Map<string, string>();
  let epoch = {};

  return {
    resourceTypes,
    isResourceType: (name) => known.has(name),
    type: (name) => types.get(name),
    searchParameters: (type) => parameters.get(type) ?? new Map(),
    builtInParameters: (type) => built.get(type) ?? new Map(),
    compartmentOwners: Object.keys(compartments).sort(),
    compartment,
    patientCompartment: (type) => compartment('Patient', type),
    structureDefinition: definitionOf,
    valueSet: (canonical) => valueSets.get(canonical),
    codeSystem: (url) => valueSets.system(url),
    terminology: new Terminology({ valueSets: extra.valueSets ?? [], codeSystems: extra.codeSystems ?? [] }),
    searchHash: (type) => {
      const hash = hashes.get(type) ?? hashOf((parameters.get(type) ?? new Map()).values());
      hashes.set(type, hash);
      return hash;
    },
    get searchEpoch() {
      return epoch;
    },
    addSearchParameters: (added) => {
      const more = new Map<string, Map<string, SearchParameterDefinition>>();
      for (const { base, definition } of added) {
        const own = more.get(base) ?? new Map<string, SearchParameterDefinition>(built.get(base));
        more.set(base, own);
        if (!built.get(base)?.has(definition.code)) own.set(definition.code, definition);
      }
      parameters = new Map([...built, ...more]);
      hashes = new Map();
      epoch = {};
    },
  };
};
