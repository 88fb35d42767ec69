import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AddedSearchParameter, LiveRegistry, SearchParameterDefinition } from '../../conformance/registry.ts';
import { parseJson } from '../../fhir/json.ts';
import { isResource } from '../../fhir/resource.ts';
import { type CustomParameter, customParameter } from '../../search/custom-parameter.ts';
import type { Store, StoredVersion } from '../../store/store.ts';
import { Reindexer } from './reindex.ts';

/** How long another process's SearchParameter may stay unknown here. */
const POLL_MS = 2000;
const PAGE = 200;
const TYPE = 'SearchParameter';

interface Parts {
  readonly store: Store;
  readonly registry: LiveRegistry;
  readonly log: Logger;
  readonly pollMs?: number;
}

/**
 * Keeps the registry's search parameters equal to the active SearchParameter resources in the store. A parameter is
 * pending until $reindex of its type has completed for this very version of its resource: every change of a
 * SearchParameter asks for a $reindex, since another process may have written without it in between.
 */
export class CustomSearch {
  readonly reindexer = new Reindexer(this);
  readonly #parts: Parts;
  readonly #stopped = new AbortController();
  #seen = '';
  /** The last transaction when all was read; undefined where something may change without one. */
  #read: number | undefined;
  #refreshing: Promise<void> = Promise.resolve();
  /** The next refresh, while it has not begun. */
  #waiting: Promise<void> | undefined;
  #polling: Promise<void> = Promise.resolve();
  #readiness = new Map<string, string>();
  /** Ids of the SearchParameters in use, by `[base] [code]`. */
  #users: ReadonlyMap<string, string> = new Map();

  constructor(parts: Parts) {
    this.#parts = parts;
    // Every walk waits on it, and any number of types may be walked at once.
    setMaxListeners(0, this.#stopped.signal);
  }

  get pollMs(): number {
    return this.#parts.pollMs ?? POLL_MS;
  }

  /** Aborts when the server stops. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  async start(): Promise<void> {
    await this.refresh();
    this.#polling = this.#poll();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#polling;
  }

  /** Reads the SearchParameters where one changed; when it resolves, what was committed before the call is in use. */
  refresh(): Promise<void> {
    // One that has not begun yet will see it too: a burst of writes costs two readings, not one each.
    if (this.#waiting !== undefined) return this.#waiting;
    const next = this.#refreshing.then(() => {
      this.#waiting = undefined;
      return this.#refresh();
    });
    this.#waiting = next;
    this.#refreshing = next.catch(() => undefined);
    return next;
  }

  /** Parameters of a type that are not searched yet, and the names under which they are made so. */
  pendingOf(type: string): ReadonlyMap<string, string> {
    const pending = [...this.#parts.registry.searchParameters(type).values()].filter((it) => it.pending);
    return new Map(pending.map(({ code }) => [code, this.#readiness.get(`${type} ${code}`) ?? '']));
  }

  /**
   * Types that have another parameter of this code: one of the specification or of this server, which others rely on
   * (compartments and permissions among them), or that of another resource. They keep it.
   */
  takenOf(id: string | undefined, { added }: CustomParameter, users = this.#users): readonly string[] {
    return added.flatMap(({ base, definition }) => {
      const user = users.get(`${base} ${definition.code}`);
      if (user !== undefined) return user === id ? [] : [base];
      const known = this.#builtIn(base, definition.code);
      return known === undefined || isSame(known, definition) ? [] : [base];
    });
  }

  #builtIn(base: string, code: string): SearchParameterDefinition | undefined {
    return this.#parts.registry.builtInParameters(base).get(code);
  }

  /** All stored resources of the type are indexed by these parameters. */
  async complete(names: Iterable<string>): Promise<void> {
    for (const name of names) await this.#parts.store.outbox.advance(name, 0, 1, []);
    this.#read = undefined;
    await this.refresh();
  }

  async #poll(): Promise<void> {
    for (;;) {
      try {
        await delay(this.pollMs, undefined, { ref: false, signal: this.#stopped.signal });
        await this.refresh();
      } catch (error) {
        if (this.#stopped.signal.aborted) return;
        this.#parts.log.warn({ error: String(error) }, 'search parameters could not be refreshed');
      }
    }
  }

  async #refresh(): Promise<void> {
    const { store, registry, log } = this.#parts;
    const last = await store.lastTransaction();
    if (last === this.#read) return;
    const versions = await this.#all();
    const ready: AddedSearchParameter[] = [];
    const readiness = new Map<string, string>();
    const users = new Map<string, string>();
    const marks: string[] = versions.map(({ id, version }) => `${id}/${version}`);
    for (const { id, version, body } of versions) {
      const resource = parseJson(body);
      if (!isResource(resource) || resource['status'] !== 'active') continue;
      const read = customParameter(registry, resource);
      const taken = this.takenOf(id, read, users);
      if (taken.length > 0) log.warn({ id, taken }, 'types have a search parameter of this code already, which stays');
      for (const { diagnostics } of read.issues) log.warn({ id, diagnostics }, 'a SearchParameter is not used');
      for (const { base, definition } of read.added) {
        if (taken.includes(base) || this.#builtIn(base, definition.code) !== undefined) continue;
        users.set(`${base} ${definition.code}`, id);
        const name = readyName(base, id, version);
        const pending = (await store.outbox.cursor(name)) === 0;
        readiness.set(`${base} ${definition.code}`, name);
        marks.push(`${name} ${pending}`);
        ready.push({ base, definition: pending ? { ...definition, pending } : definition });
      }
    }
    const seen = createHash('sha256').update(marks.join('\n')).digest('base64');
    if (seen !== this.#seen) registry.addSearchParameters(ready);
    this.#readiness = readiness;
    this.#users = users;
    this.#seen = seen;
    // Another process may complete a $reindex without a transaction.
    const waiting = ready.some(({ definition }) => definition.pending);
    this.#read = waiting ? undefined : last;
  }

  async #all(): Promise<readonly StoredVersion[]> {
    const { store } = this.#parts;
    const found: StoredVersion[] = [];
    let position: readonly (string | number | null)[] | undefined;
    do {
      const cursor = position && ({ direction: 'next', position } as const);
      const page = await store.search({
        types: [TYPE],
        where: { kind: 'all' },
        sort: [],
        count: PAGE,
        total: 'none',
        ...(cursor && { cursor }),
      });
      found.push(...page.matches);
      position = page.next;
    } while (position);
    // In one order, whatever was changed last: of two with one code the first made by id is used.
    return found.sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

/** The specification's own may be stored too, and what a guide derives from it with no other meaning. */
const isSame = (known: SearchParameterDefinition, other: SearchParameterDefinition): boolean =>
  known.type === other.type &&
  known.expression === other.expression &&
  JSON.stringify(known.components) === JSON.stringify(other.components);

/** The cursor in the store that says so: it is moved from 0 to 1, once for all processes. */
const readyName = (type: string, id: string, version: number): string => `searchable/${type}/${id}/${version}`;
