import { parseJson } from '../../src/fhir/json.ts';
import { Problem } from '../../src/fhir/problem.ts';
import { isObject, isResource, type JsonObject, listOf, type Resource } from '../../src/fhir/resource.ts';
import { bodyBytes } from '../../src/interactions/bundle/response.ts';
import type { Call } from '../../src/interactions/context.ts';
import { cursorOf, type Pair, searchOf } from './cursor.ts';

/** Interactions that one query may cause. */
export const MAX_READS = 1000;

export interface Found {
  readonly entries: readonly { readonly mode: string; readonly resource: Resource }[];
  readonly total: number | undefined;
  /** Other pages by relation: what `_cursor` takes. */
  readonly cursors: Readonly<Record<string, string>>;
}

/**
 * What one GraphQL query reads. Every access is an interaction of the same caller, so permit, audit and errors are
 * those of any read or search; what is asked for twice is read once.
 */
export class Reads {
  /** True once the query asked for more than may be read. */
  exhausted = false;
  readonly #call: Call;
  #left = MAX_READS;
  readonly #known = new Map<string, Promise<JsonObject>>();
  /** By the place of a field in the answer, what @slice adds to the name of each of its items. */
  readonly slices = new Map<string, readonly string[]>();
  /** The resource that an element belongs to: where its contained resources are. */
  readonly #owners = new WeakMap<object, JsonObject>();

  constructor(call: Call) {
    this.#call = call;
  }

  get base(): string {
    return this.#call.world.base;
  }

  /** The current version, or the one named. Rejects with the Problem of the read. */
  async resource(type: string, id: string, version?: string | null): Promise<Resource> {
    const resource = await this.#once([type, id, ...(version ? ['_history', version] : [])], []);
    if (isResource(resource)) return resource;
    throw new Problem('not-supported', `${type}/${id} is no resource that GraphQL can show`);
  }

  /** Everything that matches. Rejects with Problem `too-costly` where it is more than one answer can hold: a list has no next page. */
  async all(type: string, pairs: readonly Pair[]): Promise<Found['entries']> {
    const { maxPageSize } = this.#call.world.limits;
    let page = await this.search(type, pairs);
    const entries = [...page.entries];
    while (page.cursors['next'] !== undefined && entries.length <= maxPageSize) {
      page = await this.search(type, searchOf(page.cursors['next'], []));
      entries.push(...page.entries);
    }
    if (entries.length <= maxPageSize) return entries;
    throw new Problem(
      'too-costly',
      `More than ${maxPageSize} ${type} resources match; ask for a part of them with _count, or page through ${type}Connection`,
      { expression: ['query'] },
    );
  }

  async search(type: string, pairs: readonly Pair[]): Promise<Found> {
    const bundle = await this.#once([type], pairs);
    const entries = listOf(bundle['entry']).flatMap((entry) => {
      if (!isObject(entry) || !isResource(entry['resource'])) return [];
      const mode = isObject(entry['search']) ? entry['search']['mode'] : undefined;
      return [{ mode: typeof mode === 'string' ? mode : 'match', resource: entry['resource'] }];
    });
    const total = typeof bundle['total'] === 'number' ? bundle['total'] : undefined;
    return { entries, total, cursors: cursorsOf(bundle) };
  }

  /** Remembers that an element lies in the resource that its parent lies in. */
  own(child: unknown, parent: JsonObject): void {
    if (typeof child === 'object' && child !== null) this.#owners.set(child, this.owner(parent));
  }

  owner(element: JsonObject): JsonObject {
    return this.#owners.get(element) ?? element;
  }

  #once(path: readonly string[], query: readonly Pair[]): Promise<JsonObject> {
    const key = JSON.stringify([path, query]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = this.#ask(path, query);
    this.#known.set(key, made);
    return made;
  }

  async #ask(path: readonly string[], query: readonly Pair[]): Promise<JsonObject> {
    if (this.#left <= 0) {
      this.exhausted = true;
      throw tooMany();
    }
    this.#left -= 1;
    const answer = await this.#call.dispatch({ method: 'GET', path, query, headers: () => undefined });
    const bytes = bodyBytes(answer);
    const json = bytes === undefined ? undefined : parseJson(bytes);
    if (isObject(json)) return json;
    throw new Problem('not-supported', `${path.join('/')} is not FHIR JSON`);
  }
}

export const tooMany = (): Problem =>
  new Problem(
    'too-costly',
    `The query needs more than ${MAX_READS} reads and searches; ask for fewer, with _count or in several queries`,
    { expression: ['query'] },
  );

function cursorsOf(bundle: JsonObject): Readonly<Record<string, string>> {
  const cursors: Record<string, string> = {};
  for (const link of listOf(bundle['link'])) {
    if (!isObject(link) || typeof link['relation'] !== 'string' || typeof link['url'] !== 'string') continue;
    cursors[link['relation']] = cursorOf(link['url']);
  }
  return cursors;
}
