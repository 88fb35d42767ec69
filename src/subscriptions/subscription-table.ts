import type { Registry } from '../conformance/registry.ts';
import { parseJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isResource } from '../fhir/resource.ts';
import type { StoredVersion } from '../store/store.ts';
import { type ActiveSubscription, readSubscription } from './active-subscription.ts';

/** What a Subscription's new version asks the server to do. */
export type Request =
  | { readonly kind: 'none' }
  /** The client asked for it: the server answers by moving it to active, or to error with the reason. */
  | { readonly kind: 'activate' }
  | { readonly kind: 'fail'; readonly reason: string };

const LONGEST_REASON = 500;

/** A reason quotes what the client wrote, of any length, and is itself an element of the Subscription. */
const cut = (reason: string): string =>
  reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON)}…` : reason;

/** A subscription listens to what is committed after it was asked for. */
interface Listening {
  readonly subscription: ActiveSubscription;
  readonly since: number;
}

/** The active subscriptions by resource type, kept up to date from the change feed. */
export class SubscriptionTable {
  readonly #registry: Registry;
  readonly #base: string;
  readonly #byId = new Map<string, Listening>();
  readonly #byType = new Map<string, Map<string, Listening>>();

  constructor(registry: Registry, base: string) {
    this.#registry = registry;
    this.#base = base;
  }

  /**
   * Takes a Subscription's version in and says what it asks for. One that is asked for listens at once, not only when it
   * has been moved to active: nothing that is written in between is lost.
   */
  take(version: StoredVersion): Request {
    const before = this.#byId.get(version.id);
    this.#forget(version.id);
    if (version.deleted) return { kind: 'none' };
    const resource = parseJson(version.body);
    if (!isResource(resource)) return { kind: 'none' };
    const status = resource['status'];
    if (status !== 'requested' && status !== 'active') return { kind: 'none' };
    try {
      const subscription = readSubscription(resource, this.#registry, this.#base);
      const since = status === 'active' && before ? before.since : version.transaction;
      this.#remember({ subscription, since });
      return { kind: status === 'requested' ? 'activate' : 'none' };
    } catch (error) {
      if (error instanceof Problem) return { kind: 'fail', reason: cut(error.message) };
      throw error;
    }
  }

  get isEmpty(): boolean {
    return this.#byId.size === 0;
  }

  /** Those that a change of the type in the transaction may notify. */
  listening(type: string, transaction: number): readonly ActiveSubscription[] {
    const ofType = this.#byType.get(type);
    return ofType
      ? [...ofType.values()].filter(({ since }) => since < transaction).map(({ subscription }) => subscription)
      : [];
  }

  get(id: string): ActiveSubscription | undefined {
    return this.#byId.get(id)?.subscription;
  }

  #remember(listening: Listening): void {
    const { id, type } = listening.subscription;
    this.#byId.set(id, listening);
    const ofType = this.#byType.get(type) ?? new Map<string, Listening>();
    this.#byType.set(type, ofType.set(id, listening));
  }

  #forget(id: string): void {
    const known = this.#byId.get(id);
    if (!known) return;
    this.#byId.delete(id);
    this.#byType.get(known.subscription.type)?.delete(id);
  }
}
