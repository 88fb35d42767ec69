import type { Json } from '../fhir/resource.ts';
import type { Terminology } from './terminology/terminology.ts';

/** What the server knows of FHIR: types, search parameters, compartments, value sets, by name or canonical. Immutable once built, but for search parameters. */
export interface Registry {
  /** Resource types served, in alphabetical order (abstract ones left out). */
  readonly resourceTypes: readonly string[];
  isResourceType(name: string): boolean;
  /** A resource type, data type or backbone element (`Patient`, `HumanName`, `Patient.contact`). */
  type(name: string): TypeDefinition | undefined;
  /** By code, those of Resource and DomainResource included (`_id`, `_lastUpdated`, `_tag`, `_profile`, `_security`, `_source`, `_text`, `_content`). */
  searchParameters(type: string): ReadonlyMap<string, SearchParameterDefinition>;
  /** Types that own compartments (compartmentdefinition.html), in alphabetical order. */
  readonly compartmentOwners: readonly string[];
  /** Codes of the parameters that put a resource of `type` into a compartment of `owner`; `{def}` means the owner itself. */
  compartment(owner: string, type: string): readonly string[];
  /** `compartment` of Patient. */
  patientCompartment(type: string): readonly string[];
  /** A profile or extension definition, with or without a version; base types are described by `type`. */
  structureDefinition(canonical: string): StructureDefinitionSource | undefined;
  /** The codes of a value set where it is enumerable here; undefined where it is not known or not enumerable. */
  valueSet(canonical: string): ValueSetCodes | undefined;
  /** Every code of a code system where the whole of it is known here. */
  codeSystem(url: string): ReadonlySet<string> | undefined;
  /** Code systems with displays and hierarchy, value sets and concept maps, read at first use; validation needs less and has `valueSet`. */
  readonly terminology: Terminology;
  /** Hash of the search-parameter set of a type: differs when stored index values would differ. */
  searchHash(type: string): string;
  /** Another object whenever search parameters were replaced: what is made of them is kept under it. */
  readonly searchEpoch: object;
}

/** A registry whose search parameters can be added to while it is read. */
export interface LiveRegistry extends Registry {
  /** As `searchParameters`, without those added. */
  builtInParameters(type: string): ReadonlyMap<string, SearchParameterDefinition>;
  /** These and no others beside those it was built with, all at once. Of two with one code the one it was built with stays. */
  addSearchParameters(added: readonly AddedSearchParameter[]): void;
}
export interface AddedSearchParameter {
  readonly base: string;
  readonly definition: SearchParameterDefinition;
}

/** JSON of a StructureDefinition as published, read by the validation of profiles. */
export type StructureDefinitionSource = {
  readonly url: string;
  readonly type: string;
  readonly [member: string]: Json | undefined;
};

/** One structural type, compacted from its StructureDefinition. */
export interface TypeDefinition {
  readonly name: string;
  readonly kind: 'resource' | 'complex-type' | 'primitive-type' | 'backbone';
  readonly base?: string;
  /** Own and inherited elements, in order. */
  readonly elements: readonly ElementDefinition[];
  readonly constraints: readonly Constraint[];
}
export interface ElementDefinition {
  /** Without `[x]`: `value` for `value[x]`. */
  readonly name: string;
  readonly choice: boolean;
  readonly min: number;
  /** Infinity for `*`. */
  readonly max: number;
  /** Type names; a backbone element has its own path (`Patient.contact`); a content reference names the path it refers to. */
  readonly types: readonly string[];
  /** For references: permitted target types (empty: any). */
  readonly targets: readonly string[];
  readonly binding?: {
    readonly strength: 'required' | 'extensible' | 'preferred' | 'example';
    readonly valueSet: string;
  };
  readonly constraints: readonly Constraint[];
  readonly isModifier: boolean;
  readonly isSummary: boolean;
}
export interface Constraint {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  /** FHIRPath. */
  readonly expression: string;
}
export interface ValueSetCodes {
  readonly url: string;
  /** Whole set listed here; false where part of it (a filter, a foreign system) is not. */
  readonly complete: boolean;
  /** system → its codes in the set. */
  readonly codes: ReadonlyMap<string, ReadonlySet<string>>;
}

export type SearchParameterType =
  | 'number'
  | 'date'
  | 'string'
  | 'token'
  | 'reference'
  | 'composite'
  | 'quantity'
  | 'uri'
  | 'special';

export interface SearchParameterDefinition {
  readonly url: string;
  readonly code: string;
  readonly type: SearchParameterType;
  /** FHIRPath for this one base type: the branches of `|` that begin with other types are cut. */
  readonly expression: string;
  /** For references: types the parameter may point at. */
  readonly targets: readonly string[];
  /** For composites. */
  readonly components: readonly {
    readonly definition: string;
    readonly code: string;
    readonly type: SearchParameterType;
    readonly expression: string;
  }[];
  readonly description: string;
  /** Not all stored resources are indexed by it yet: it is written, and not searched. */
  readonly pending?: boolean;
}
