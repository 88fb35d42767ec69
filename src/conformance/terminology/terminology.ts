import type { JsonObject } from '../../fhir/resource.ts';
import { generatedGzip } from '../generated.ts';
import { requireUnchangedSince } from './as-of.ts';
import { CodeSystem } from './code-system.ts';
import { NotHeld } from './not-held.ts';
import { canonicalParts, textAt } from './read.ts';

type Kind = 'codeSystems' | 'valueSets' | 'conceptMaps';
/** Definitions by kind, as resources; layout of terminology.json.gz. */
export type Definitions = Readonly<Record<Kind, readonly JsonObject[]>>;

const KINDS = { CodeSystem: 'codeSystems', ValueSet: 'valueSets', ConceptMap: 'conceptMaps' } as const;

const systems = new WeakMap<JsonObject, CodeSystem>();
const modelled = (resource: JsonObject): CodeSystem => {
  const made = systems.get(resource) ?? new CodeSystem(resource);
  systems.set(resource, made);
  return made;
};

type ByUrl = Readonly<Record<Kind, ReadonlyMap<string, JsonObject>>>;
const byUrl = (resources: readonly JsonObject[]): ReadonlyMap<string, JsonObject> =>
  new Map(resources.map((resource) => [textAt(resource, 'url') ?? '', resource]));

let bundled: ByUrl | undefined;
/** Read at first use: a server starts faster, and most requests never ask. */
const published = (): ByUrl => {
  if (bundled === undefined) {
    const file = generatedGzip<Definitions>('terminology');
    bundled = {
      codeSystems: byUrl(file.codeSystems),
      valueSets: byUrl(file.valueSets),
      conceptMaps: byUrl(file.conceptMaps),
    };
  }
  return bundled;
};

/** Code systems, value sets and concept maps by canonical: those of R4, and others laid over them. Immutable. */
export class Terminology {
  readonly #own: ByUrl;
  readonly #date: string | undefined;
  readonly #lacking: ReadonlySet<string> | undefined;

  constructor(own: Partial<Definitions> = {}, date?: string, lacking?: ReadonlySet<string>) {
    this.#date = date;
    this.#lacking = lacking;
    this.#own = {
      codeSystems: byUrl(own.codeSystems ?? []),
      valueSets: byUrl(own.valueSets ?? []),
      conceptMaps: byUrl(own.conceptMaps ?? []),
    };
  }

  /** The same with one definition more, which hides one of the same canonical. */
  with(resource: JsonObject, type: keyof typeof KINDS): Terminology {
    const own = this.#definitions();
    return new Terminology({ ...own, [KINDS[type]]: [...own[KINDS[type]], resource] }, this.#date, this.#lacking);
  }

  /** The same as it was on a date (dateTime): asking it for what was changed since throws Problem `not-supported`. */
  asOf(date: string): Terminology {
    return new Terminology(this.#definitions(), date, this.#lacking);
  }

  /** The same for a caller that has more places to look: `perhaps` asks it for all but these canonicals. */
  lacking(canonicals: ReadonlySet<string>): Terminology {
    return new Terminology(this.#definitions(), this.#date, canonicals);
  }

  /** As codeSystem, where the answer can do without. @throws NotHeld where the caller has more places to look */
  perhaps(url: string, version: string | undefined, expression: string): CodeSystem | undefined {
    const canonical = version === undefined ? url : `${url}|${version}`;
    const found = this.codeSystem(canonical);
    if (found === undefined && this.#lacking?.has(canonical) === false)
      throw new NotHeld('CodeSystem', url, version, expression, true);
    return found;
  }

  /** By canonical, with or without version; one of another version is not given. */
  codeSystem(canonical: string): CodeSystem | undefined {
    const resource = this.#find('codeSystems', canonical);
    return resource && modelled(resource);
  }

  /** By canonical; the set of all codes of a system (CodeSystem.valueSet) is known even where no ValueSet states it. */
  valueSet(canonical: string): JsonObject | undefined {
    return this.#find('valueSets', canonical) ?? this.#whole(canonical);
  }

  conceptMap(canonical: string): JsonObject | undefined {
    return this.#find('conceptMaps', canonical);
  }

  get conceptMaps(): readonly JsonObject[] {
    return [...new Map([...published().conceptMaps, ...this.#own.conceptMaps]).values()];
  }

  #find(kind: Kind, canonical: string): JsonObject | undefined {
    const { url, version } = canonicalParts(canonical);
    const own = this.#own[kind].get(url);
    const found = own ?? published()[kind].get(url);
    if (found === undefined || (version !== undefined && found['version'] !== version)) return undefined;
    if (this.#date !== undefined) requireUnchangedSince(found, this.#date, own === undefined);
    return found;
  }

  #definitions(): Definitions {
    const { codeSystems, valueSets, conceptMaps } = this.#own;
    return {
      codeSystems: [...codeSystems.values()],
      valueSets: [...valueSets.values()],
      conceptMaps: [...conceptMaps.values()],
    };
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
