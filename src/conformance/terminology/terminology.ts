import type { JsonObject } from '../../fhir/resource.ts';
import { generatedGzip } from '../generated.ts';
import { requireUnchangedSince } from './as-of.ts';
import { CodeSystem } from './code-system.ts';
import { canonicalParts, textAt } from './read.ts';

type Kind = 'codeSystems' | 'valueSets' | 'conceptMaps';
/** Definitions by kind, as resources; layout of terminology.json.gz. */
export type Definitions = Readonly<Record<Kind, readonly JsonObject[]>>;

const KINDS = { CodeSystem: 'codeSystems', ValueSet: 'valueSets', ConceptMap: 'conceptMaps' } as const;
export type DefinitionType = keyof typeof KINDS;

const systems = new WeakMap<JsonObject, CodeSystem>();
const modelled = (resource: JsonObject): CodeSystem => {
  const made = systems.get(resource) ?? new CodeSystem(resource);
  systems.set(resource, made);
  return made;
};

type ByCanonical = Readonly<Record<Kind, ReadonlyMap<string, JsonObject>>>;
const canonicalsOf = (resource: JsonObject): readonly string[] => {
  const [url, version] = [textAt(resource, 'url') ?? '', textAt(resource, 'version')];
  return version === undefined ? [url] : [url, `${url}|${version}`];
};
/** Each by its url and by its url with version; without a version the last of several is meant. */
const byCanonical = (resources: readonly JsonObject[] = []): ReadonlyMap<string, JsonObject> =>
  new Map(resources.flatMap((resource) => canonicalsOf(resource).map((canonical) => [canonical, resource] as const)));
const indexed = (of: Partial<Definitions>): ByCanonical => ({
  codeSystems: byCanonical(of.codeSystems),
  valueSets: byCanonical(of.valueSets),
  conceptMaps: byCanonical(of.conceptMaps),
});

let bundled: ByCanonical | undefined;
/** Read at first use: a server starts faster, and most requests never ask. */
const published = (): ByCanonical => {
  bundled ??= indexed(generatedGzip<Definitions>('terminology'));
  return bundled;
};

/** Told of what was asked for and is not known, and of code systems of which only the name is. */
export type Lacks = (type: DefinitionType, canonical: string) => void;
interface View {
  readonly date?: string;
  readonly lacks?: Lacks;
}

/** Code systems, value sets and concept maps by canonical: those of R4, and others laid over them. Immutable. */
export class Terminology {
  readonly #own: ByCanonical;
  readonly #view: View;

  constructor(own: Partial<Definitions> = {}, laidOver: ByCanonical = indexed(own), view: View = {}) {
    this.#own = laidOver;
    this.#view = view;
  }

  /** The same with one definition more, which hides one of the same canonical; with `as` it goes by that instead of its url. */
  with(resource: JsonObject, type: DefinitionType, as?: string): Terminology {
    const [url = '', ...versioned] = canonicalsOf(resource);
    const known = new Map(this.#own[KINDS[type]]);
    for (const canonical of [as ?? url, ...versioned]) known.set(canonical, resource);
    return new Terminology({}, { ...this.#own, [KINDS[type]]: known }, this.#view);
  }

  /** The same as it was on a date (dateTime): asking it for what was changed since throws Problem `not-supported`. */
  asOf(date: string): Terminology {
    return new Terminology({}, this.#own, { ...this.#view, date });
  }

  /** The same for a caller that has more places to look. */
  telling(lacks: Lacks): Terminology {
    return new Terminology({}, this.#own, { ...this.#view, lacks });
  }

  /** By canonical, with or without version; one of another version is not given. */
  codeSystem(canonical: string): CodeSystem | undefined {
    const resource = this.#find('codeSystems', canonical);
    const system = resource && modelled(resource);
    if (system === undefined || !system.hasConcepts) this.#view.lacks?.('CodeSystem', canonical);
    return system;
  }

  /** By canonical; the set of all codes of a system (CodeSystem.valueSet) is known even where no ValueSet states it. */
  valueSet(canonical: string): JsonObject | undefined {
    const found = this.#find('valueSets', canonical) ?? this.#whole(canonical);
    if (found === undefined) this.#view.lacks?.('ValueSet', canonical);
    return found;
  }

  conceptMap(canonical: string): JsonObject | undefined {
    const found = this.#find('conceptMaps', canonical);
    if (found === undefined) this.#view.lacks?.('ConceptMap', canonical);
    return found;
  }

  get conceptMaps(): readonly JsonObject[] {
    return this.#all('conceptMaps');
  }

  /** Those of which there are codes. */
  get codeSystems(): readonly CodeSystem[] {
    return this.#all('codeSystems')
      .map(modelled)
      .filter(({ hasConcepts }) => hasConcepts);
  }

  #all(kind: Kind): readonly JsonObject[] {
    return [...new Map([...published()[kind], ...this.#own[kind]])].flatMap(([canonical, resource]) =>
      canonical.includes('|') ? [] : [resource],
    );
  }

  #find(kind: Kind, canonical: string): JsonObject | undefined {
    const own = this.#own[kind].get(canonical);
    const found = own ?? published()[kind].get(canonical);
    if (found === undefined) return undefined;
    if (this.#view.date !== undefined) requireUnchangedSince(found, this.#view.date, own === undefined);
    return found;
  }

  #whole(canonical: string): JsonObject | undefined {
    const { url, version: wanted } = canonicalParts(canonical);
    for (const systems of [this.#own.codeSystems, published().codeSystems]) {
      for (const system of systems.values()) {
        if (typeof system['valueSet'] !== 'string' || canonicalParts(system['valueSet']).url !== url) continue;
        const { version, name, title, url: of } = system;
        if (wanted !== undefined && version !== wanted) return undefined;
        return {
          resourceType: 'ValueSet',
          url,
          version,
          name,
          title,
          status: 'active',
          compose: { include: [{ system: of }] },
        };
      }
    }
    return undefined;
  }
}
