import { Problem } from '../../fhir/problem.ts';
import type { JsonObject } from '../../fhir/resource.ts';
import type { CodeSystem, Concept } from './code-system.ts';
import { conceptFilter } from './filter.ts';
import { NotHeld } from './not-held.ts';
import { canonicalParts, objectsAt, textAt, textsOf, withVersion } from './read.ts';
import { SystemVersions, type Taken } from './system-versions.ts';
import type { Terminology } from './terminology.ts';

/** A code of a value set. */
export interface Member {
  readonly system: string;
  readonly version: string | undefined;
  readonly code: string;
  readonly display: string | undefined;
  readonly abstract: boolean;
  readonly inactive: boolean;
  readonly designations: readonly JsonObject[];
}
export interface Expansion {
  readonly members: readonly Member[];
  /** A code system that it takes from is held here in part (content fragment or example). */
  readonly unclosed: boolean;
  /** Canonicals with version of the code systems that it takes from. */
  readonly systems: ReadonlySet<string>;
}
type Members = Map<string, Member>;

/** Concepts that one expansion may look at; a value set of a client could ask for any number. */
const BUDGET = 2_000_000;
const keyOf = ({ system, code }: { readonly system: string; readonly code: string }): string => `${system}\n${code}`;

/**
 * The codes of a value set (valueset.html#expansion), by `system` only those of one code system.
 * @throws NotHeld where it takes from a code system or value set that is not known; Problem `too-costly`, `invalid`
 */
export const expand = (
  terminology: Terminology,
  valueSet: JsonObject,
  system?: string,
  versions = SystemVersions.none,
): Expansion => {
  const expander = new Expander(terminology, system, versions);
  const members = expander.valueSet(valueSet);
  return { members: [...members.values()], unclosed: expander.unclosed, systems: expander.systems };
};

/** A code system whose concepts are here, all or some. @throws NotHeld */
export const heldSystem = (
  terminology: Terminology,
  url: string,
  version: string | undefined,
  expression: string,
): CodeSystem => {
  const system = terminology.codeSystem(withVersion(url, version));
  if (system === undefined || !system.hasConcepts) throw new NotHeld('CodeSystem', url, version, expression);
  return system;
};

class Expander {
  unclosed = false;
  readonly systems = new Set<string>();
  readonly #terminology: Terminology;
  readonly #only: string | undefined;
  readonly #versions: SystemVersions;
  readonly #open: string[] = [];
  #budget = BUDGET;

  constructor(terminology: Terminology, only: string | undefined, versions: SystemVersions) {
    this.#terminology = terminology;
    this.#only = only;
    this.#versions = versions;
  }

  valueSet(set: JsonObject): Members {
    const url = textAt(set, 'url') ?? '';
    if (url !== '' && this.#open.includes(url))
      throw new Problem('invalid', `The value set '${url}' includes itself`, { expression: ['ValueSet.compose'] });
    this.#open.push(url);
    const [compose] = objectsAt(set, 'compose');
    const members = compose === undefined ? this.#listed(set, url) : this.#composed(compose);
    this.#open.pop();
    return members;
  }

  #composed(compose: JsonObject): Members {
    const members: Members = new Map();
    for (const [at, include] of objectsAt(compose, 'include').entries())
      for (const [key, member] of this.#include(include, `ValueSet.compose.include[${at}]`))
        if (!members.has(key)) members.set(key, member);
    for (const [at, exclude] of objectsAt(compose, 'exclude').entries())
      for (const key of this.#include(exclude, `ValueSet.compose.exclude[${at}]`).keys()) members.delete(key);
    if (compose['inactive'] === false) for (const [key, member] of members) if (member.inactive) members.delete(key);
    return members;
  }

  /** A value set that was stored expanded and says not how. */
  #listed(set: JsonObject, url: string): Members {
    const [expansion] = objectsAt(set, 'expansion');
    if (expansion === undefined)
      throw new Problem('invalid', `The value set '${url}' has neither compose nor expansion`, {
        expression: ['ValueSet.compose'],
      });
    const members: Members = new Map();
    const add = (item: JsonObject): void => {
      const [system, code] = [textAt(item, 'system'), textAt(item, 'code')];
      if (system !== undefined && code !== undefined && (this.#only === undefined || this.#only === system)) {
        const version = textAt(item, 'version');
        const { by, version: asked } = this.#versions.taken(system, version);
        const why = `The value set '${url}' is stored expanded, not with '${system}|${asked}'`;
        if (by !== undefined) throw new Problem('not-supported', why, { expression: [by] });
        const member = { system, code, version, display: textAt(item, 'display') };
        members.set(keyOf(member), {
          ...member,
          abstract: item['abstract'] === true,
          inactive: item['inactive'] === true,
          designations: objectsAt(item, 'designation'),
        });
      }
      for (const inner of objectsAt(item, 'contains')) add(inner);
    };
    for (const item of objectsAt(expansion, 'contains')) add(item);
    return members;
  }

  /** Codes that are in the system's part and in each value set named (valueset.html#compositions). */
  #include(include: JsonObject, expression: string): Members {
    const url = textAt(include, 'system');
    if (url !== undefined && this.#only !== undefined && url !== this.#only) return new Map();
    const parts = textsOf(include['valueSet']).map((canonical) => this.#imported(canonical, expression));
    if (url !== undefined) parts.unshift(this.#ofSystem(url, include, expression));
    const [first, ...others] = parts;
    if (first === undefined)
      throw new Problem('invalid', `${expression} names neither a system nor a value set`, {
        expression: [expression],
      });
    return others.length === 0 ? first : new Map([...first].filter(([key]) => others.every((other) => other.has(key))));
  }

  #imported(canonical: string, expression: string): Members {
    const { url, version } = canonicalParts(canonical);
    const set = this.#terminology.valueSet(canonical);
    if (set === undefined) throw new NotHeld('ValueSet', url, version, `${expression}.valueSet`);
    return this.valueSet(set);
  }

  #ofSystem(url: string, include: JsonObject, expression: string): Members {
    const listed = objectsAt(include, 'concept');
    const taken = this.#versions.taken(url, textAt(include, 'version'));
    if (listed.length > 0) return this.#enumerated(url, taken, listed);
    const system =
      taken.by === undefined
        ? heldSystem(this.#terminology, url, taken.version, `${expression}.system`)
        : SystemVersions.held(this.#terminology, url, taken);
    const filters = objectsAt(include, 'filter').map((filter, at) =>
      conceptFilter(system, filter, `${expression}.filter[${at}]`),
    );
    this.#spend(system.size, expression);
    this.#took(system);
    const members: Members = new Map();
    for (const concept of system.concepts)
      if (filters.every((wanted) => wanted(concept)))
        members.set(keyOf({ system: url, code: concept.code }), memberOf(system, concept));
    return members;
  }

  /** Codes named one by one; the code system adds what it knows, and drops what a complete one does not. */
  #enumerated(url: string, taken: Taken, listed: readonly JsonObject[]): Members {
    const { version } = taken;
    const system =
      taken.by === undefined
        ? this.#terminology.codeSystem(withVersion(url, version))
        : SystemVersions.held(this.#terminology, url, taken);
    if (system !== undefined) this.#took(system);
    const members: Members = new Map();
    for (const item of listed) {
      const code = textAt(item, 'code');
      if (code === undefined) continue;
      const concept = system?.concept(code);
      if (concept === undefined && system?.content === 'complete') continue;
      const known = system && concept && memberOf(system, concept);
      members.set(keyOf({ system: url, code }), {
        system: url,
        version: known?.version ?? version,
        code,
        display: textAt(item, 'display') ?? known?.display,
        abstract: known?.abstract ?? false,
        inactive: known?.inactive ?? false,
        designations: [...(known?.designations ?? []), ...objectsAt(item, 'designation')],
      });
    }
    return members;
  }

  #took(system: CodeSystem): void {
    this.systems.add(system.version === undefined ? system.url : `${system.url}|${system.version}`);
    if (system.content === 'fragment' || system.content === 'example') this.unclosed = true;
  }

  #spend(concepts: number, expression: string): void {
    this.#budget -= concepts + 1;
    if (this.#budget < 0)
      throw new Problem('too-costly', 'The value set takes from too many code systems too often', {
        expression: [expression],
      });
  }
}

const memberOf = (system: CodeSystem, { code, display, abstract, inactive, designations }: Concept): Member => ({
  system: system.url,
  version: system.version,
  code,
  display,
  abstract,
  inactive,
  designations,
});
