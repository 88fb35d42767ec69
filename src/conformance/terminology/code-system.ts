import type { JsonObject } from '../../fhir/resource.ts';
import { objectsAt, textAt } from './read.ts';

/** A concept with its place in the hierarchy (codesystem.html#hierarchy). */
export interface Concept {
  readonly code: string;
  readonly display: string | undefined;
  readonly definition: string | undefined;
  /** Not to be chosen, only to group others (property notSelectable). */
  readonly abstract: boolean;
  /** No longer in use (property inactive, or status retired or inactive). */
  readonly inactive: boolean;
  readonly designations: readonly JsonObject[];
  readonly properties: readonly JsonObject[];
  readonly parents: readonly string[];
  readonly children: readonly string[];
}
type Placed = Concept & { readonly parents: string[]; readonly children: string[] };

const stated = (property: JsonObject): unknown =>
  Object.entries(property).find(([member]) => member.startsWith('value'))?.[1];
const states = (properties: readonly JsonObject[], code: string, ...values: unknown[]): boolean =>
  properties.some((property) => property['code'] === code && values.includes(stated(property)));

/** A code system as its hierarchy is asked; nesting and the properties parent, subsumedBy and child all make it. */
export class CodeSystem {
  readonly resource: JsonObject;
  readonly url: string;
  readonly version: string | undefined;
  readonly #concepts = new Map<string, Placed>();
  readonly #folded: ReadonlyMap<string, Placed> | undefined;

  constructor(resource: JsonObject) {
    this.resource = resource;
    this.url = textAt(resource, 'url') ?? '';
    this.version = textAt(resource, 'version');
    for (const concept of objectsAt(resource, 'concept')) this.#add(concept, undefined);
    this.#linkProperties();
    if (resource['caseSensitive'] === false)
      this.#folded = new Map([...this.#concepts.values()].map((it) => [it.code.toLowerCase(), it]));
  }

  /** CodeSystem.content; only `complete` lists every concept. */
  get content(): string {
    return textAt(this.resource, 'content') ?? 'not-present';
  }
  /** All or some concepts are here, not the name of the system alone. */
  get hasConcepts(): boolean {
    return this.content !== 'not-present' && this.content !== 'supplement';
  }
  get concepts(): Iterable<Concept> {
    return this.#concepts.values();
  }
  get size(): number {
    return this.#concepts.size;
  }

  concept(code: string): Concept | undefined {
    return this.#concepts.get(code) ?? this.#folded?.get(code.toLowerCase());
  }

  /** Codes below `code`, itself left out. */
  descendants(code: string): ReadonlySet<string> {
    return this.#reach(code, ({ children }) => children);
  }
  /** Codes above `code`, itself left out. */
  ancestors(code: string): ReadonlySet<string> {
    return this.#reach(code, ({ parents }) => parents);
  }

  #reach(code: string, step: (concept: Concept) => readonly string[]): ReadonlySet<string> {
    const start = this.concept(code);
    const found = new Set<string>();
    const open = start === undefined ? [] : [...step(start)];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (found.has(next) || next === start?.code) continue;
      found.add(next);
      const concept = this.#concepts.get(next);
      if (concept !== undefined) open.push(...step(concept));
    }
    return found;
  }

  #add(source: JsonObject, parent: string | undefined): void {
    const code = textAt(source, 'code');
    if (code === undefined) return;
    const properties = objectsAt(source, 'property');
    const known = this.#concepts.get(code);
    if (known === undefined) {
      this.#concepts.set(code, {
        code,
        display: textAt(source, 'display'),
        definition: textAt(source, 'definition'),
        abstract: states(properties, 'notSelectable', true) || states(properties, 'abstract', true),
        inactive: states(properties, 'inactive', true) || states(properties, 'status', 'retired', 'inactive'),
        designations: objectsAt(source, 'designation'),
        properties,
        parents: [],
        children: [],
      });
    }
    if (parent !== undefined) this.#link(parent, code);
    for (const inner of objectsAt(source, 'concept')) this.#add(inner, code);
  }

  #linkProperties(): void {
    for (const { code, properties } of [...this.#concepts.values()]) {
      for (const property of properties) {
        const other = textAt(property, 'valueCode');
        if (other === undefined) continue;
        if (property['code'] === 'parent' || property['code'] === 'subsumedBy') this.#link(other, code);
        else if (property['code'] === 'child') this.#link(code, other);
      }
    }
  }

  #link(parent: string, child: string): void {
    const above = this.#concepts.get(parent);
    const below = this.#concepts.get(child);
    if (above === undefined || below === undefined || below.parents.includes(parent)) return;
    below.parents.push(parent);
    above.children.push(child);
  }
}
