import type { Logger } from 'pino';
import { parseJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import type { ResourceFacts } from '../search/satisfies.ts';
import type { OutboxItem, Store, StoredVersion } from '../store/store.ts';
import type { ActiveSubscription } from './active-subscription.ts';
import { sendRestHook } from './channels/rest-hook.ts';
import { isShown, notifies } from './match.ts';
import { readNotification } from './notification.ts';
import type { SubscriptionTable } from './subscription-table.ts';

/** Longer than any one delivery takes. */
const LEASE = 60_000;
const AT_ONCE = 32;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 15 * 60_000;
/** After so many failures in a row the Subscription is moved to error (about three hours). */
const PATIENCE = 20;

export interface DeliveryHost {
  readonly store: Store;
  readonly table: SubscriptionTable;
  readonly worker: string;
  readonly now: () => number;
  readonly log: Logger;
  readonly factsOf: (version: StoredVersion) => ResourceFacts;
  readonly setStatus: (id: string, version: number | undefined, status: 'error', error: string) => Promise<void>;
  /** Leaves an AuditEvent of what was sent to whom. */
  readonly audit: (shown: StoredVersion, client: string, outcome: '0' | '4') => Promise<void>;
}

/** The deliveries in flight: so many at once, of one Subscription never two, so that a slow subscriber keeps up none but itself. */
export class Deliveries {
  readonly #host: DeliveryHost;
  readonly #inFlight = new Set<Promise<void>>();

  constructor(host: DeliveryHost) {
    this.#host = host;
  }

  /** Begins what is due, as far as there is room; `ended` is called as each ends. */
  async begin(ended: () => void): Promise<void> {
    const { store, worker, now, log } = this.#host;
    const room = AT_ONCE - this.#inFlight.size;
    if (room <= 0) return;
    for (const item of await store.outbox.claim(worker, now(), LEASE, room)) {
      const work = deliver(this.#host, item)
        // The store is away: the lease runs out, and the item is tried again.
        .catch((error) => log.warn({ err: error }, 'a delivery was cut off'))
        .finally(() => {
          this.#inFlight.delete(work);
          ended();
        });
      this.#inFlight.add(work);
    }
  }

  /** Resolves once nothing is in flight. */
  async finish(): Promise<void> {
    await Promise.all(this.#inFlight);
  }
}

async function deliver(host: DeliveryHost, item: OutboxItem): Promise<void> {
  const { store, table, worker } = host;
  const { subscription: id, version, ...key } = readNotification(parseJson(item.payload));
  const subscription = table.get(id);
  const [shown, current] = await Promise.all([store.vread(key, version), store.read(key)]);
  if (!subscription || !shown || !current || !mayBeSent(host, subscription, shown, current))
    return store.outbox.done(item.id, worker);
  const client = subscription.permit.agent.client;
  try {
    await sendRestHook(subscription, item.id, subscription.payload ? shown.body : undefined);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await host.audit(shown, client, '4');
    return failed(host, subscription, item, error.message);
  }
  await host.audit(shown, client, '0');
  await store.outbox.done(item.id, worker);
}

/** The subscription may have been turned off or narrowed since, the resource deleted or moved to another patient. */
const mayBeSent = (
  { factsOf, now }: DeliveryHost,
  subscription: ActiveSubscription,
  shown: StoredVersion,
  current: StoredVersion,
): boolean =>
  !current.deleted && notifies(subscription, factsOf(shown), now()) && isShown(subscription, factsOf(current));

async function failed(
  { store, worker, now, log, setStatus }: DeliveryHost,
  subscription: ActiveSubscription,
  { id, attempts }: OutboxItem,
  reason: string,
): Promise<void> {
  log.warn({ subscription: subscription.id, attempts, reason }, 'notification not delivered');
  if (attempts >= PATIENCE) {
    await setStatus(subscription.id, undefined, 'error', reason);
    return store.outbox.done(id, worker);
  }
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempts - 1));
  await store.outbox.retry(id, worker, now() + pause, reason);
}
