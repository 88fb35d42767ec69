import type { Logger } from 'pino';
import { Problem } from '../fhir/problem.ts';
import type { ResourceFacts } from '../search/satisfies.ts';
import type { NewOutboxItem, Store, StoredVersion } from '../store/store.ts';
import { notifies } from './match.ts';
import { notificationItem } from './notification.ts';
import type { SubscriptionTable } from './subscription-table.ts';

const CURSOR = 'subscriptions';
const BATCH = 500;
const DEFINING = new Set(['ValueSet', 'CodeSystem']);
const EVERY = { types: ['Subscription'], where: { kind: 'all' }, sort: [], total: 'none' } as const;

export interface DispatcherHost {
  readonly store: Store;
  readonly table: SubscriptionTable;
  readonly now: () => number;
  readonly log: Logger;
  /** Search values of a version, as they were stored. */
  readonly factsOf: (version: StoredVersion) => ResourceFacts;
  /** Moves a Subscription to a status that only the server may set; skips where it changed meanwhile. */
  readonly setStatus: (id: string, version: number, status: 'active' | 'error', error?: string) => Promise<void>;
}

/**
 * Turns committed changes into queued notifications: reads the feed from the shared cursor, matches, and appends the
 * notifications in the commit that moves the cursor, so that each change is matched once, whichever process does it.
 */
export class Dispatcher {
  readonly #host: DispatcherHost;
  /** How far this process has seen Subscriptions change. */
  #seen = 0;

  constructor(host: DispatcherHost) {
    this.#host = host;
  }

  /** Reads every Subscription there is; call once before `run`. */
  async load(): Promise<void> {
    const { store } = this.#host;
    this.#seen = await store.lastTransaction();
    let position: readonly (string | number | null)[] | undefined;
    do {
      const query = { ...EVERY, count: BATCH };
      const page = await store.search(position ? { ...query, cursor: { direction: 'next', position } } : query);
      for (const version of page.matches) await this.#take(version);
      position = page.next;
    } while (position);
  }

  /** Works through the feed until nothing is left or `stopped`. */
  async run(stopped: () => boolean): Promise<void> {
    const { store } = this.#host;
    while (!stopped()) {
      const from = await store.outbox.cursor(CURSOR);
      const last = await store.lastTransaction();
      if (last <= from) return;
      await this.#catchUp(from);
      if (await this.#nobodyListens(from)) {
        // Nobody asked for what was written so far: it need not be read.
        await store.outbox.advance(CURSOR, from, last, []);
        this.#seen = Math.max(this.#seen, last);
        return;
      }
      await this.#match(from);
    }
  }

  async #match(from: number): Promise<void> {
    const { store } = this.#host;
    const changes = await store.changes(from, BATCH);
    const last = changes.at(-1);
    if (!last) return;
    const items: NewOutboxItem[] = [];
    await this.#refreshCriteria(changes);
    for (const version of changes) {
      if (version.type === 'Subscription' && version.transaction > this.#seen) await this.#take(version);
      items.push(...this.#notifications(version));
    }
    this.#seen = Math.max(this.#seen, last.transaction);
    await store.outbox.advance(CURSOR, from, last.transaction, items);
  }

  /** True where no Subscription was active at `from` and none has been written since. */
  async #nobodyListens(from: number): Promise<boolean> {
    const { store, table } = this.#host;
    if (!table.isEmpty) return false;
    const [newest] = (await store.search({ ...EVERY, count: 1 })).matches;
    return newest === undefined || newest.transaction <= from;
  }

  /** Where another process moved the cursor, its changes to Subscriptions are ours to learn too. */
  async #catchUp(cursor: number): Promise<void> {
    while (this.#seen < cursor) {
      const missed = await this.#host.store.changes(this.#seen, BATCH);
      const last = missed.at(-1);
      if (!last) return;
      await this.#refreshCriteria(missed);
      for (const version of missed) if (version.type === 'Subscription') await this.#take(version);
      this.#seen = last.transaction;
    }
  }

  /** Criteria go by value sets and code systems as they are now: once for all changes that are at hand. */
  async #refreshCriteria(changes: readonly StoredVersion[]): Promise<void> {
    if (!changes.some(({ type, transaction }) => DEFINING.has(type) && transaction > this.#seen)) return;
    for (const version of this.#host.table.goingByStored) await this.#take(version);
  }

  async #take(version: StoredVersion): Promise<void> {
    const { table, setStatus, log } = this.#host;
    const request = await table.take(version);
    try {
      if (request.kind === 'activate') await setStatus(version.id, version.version, 'active');
      if (request.kind === 'fail') await setStatus(version.id, version.version, 'error', request.reason);
    } catch (error) {
      // One Subscription that cannot be written must hold up no other, nor the start of the server.
      if (!(error instanceof Problem) || error.kind === 'unavailable') throw error;
      log.warn({ subscription: version.id, err: error }, 'the status of a Subscription could not be set');
    }
  }

  #notifications(version: StoredVersion): readonly NewOutboxItem[] {
    const { table, now, factsOf } = this.#host;
    // No notification of deletions (subscription.html: criteria are applied to the new value).
    const candidates = version.deleted ? [] : table.listening(version.type, version.transaction);
    if (candidates.length === 0) return [];
    const facts = factsOf(version);
    return candidates
      .filter((subscription) => notifies(subscription, facts, now()))
      .map(({ id }) => notificationItem(id, version, now()));
  }
}
