import type { Permit } from '../access/permit.ts';
import type { Registry } from '../conformance/registry.ts';
import type { Terminology } from '../conformance/terminology/terminology.ts';
import { parseJson } from '../fhir/json.ts';
import { Problem } from '../fhir/problem.ts';
import { isResource, type Resource } from '../fhir/resource.ts';
import type { StoredVersion } from '../store/store.ts';
import { type ActiveSubscription, ownersPermit, readSubscription } from './active-subscription.ts';

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
  /** What it was read from, where its criteria go by stored definitions. */
  readonly source?: StoredVersion;
}

/** What is read of the definitions that the owner may search, the stored ones included. */
export type WithDefinitions = <T>(permit: Permit, read: (terminology: Terminology) => T) => Promise<T>;

/** The active subscriptions by resource type, kept up to date from the change feed. */
export class SubscriptionTable {
  readonly #registry: Registry;
  readonly #base: string;
  readonly #withDefinitions: WithDefinitions;
  readonly #byId = new Map<string, Listening>();
  readonly #byType = new Map<string, Map<string, Listening>>();

  constructor(registry: Registry, base: string, withDefinitions: WithDefinitions) {
    this.#registry = registry;
    this.#base = base;
    this.#withDefinitions = withDefinitions;
  }

  /**
   * Takes a Subscription's version in and says what it asks for. One that is asked for listens at once, not only when it
   * has been moved to active: nothing that is written in between is lost.
   */
  async take(version: StoredVersion): Promise<Request> {
    const resource = version.deleted ? undefined : parseJson(version.body);
    const status = isResource(resource) ? resource['status'] : undefined;
    if (!isResource(resource) || (status !== 'requested' && status !== 'active')) {
      this.#forget(version.id);
      return { kind: 'none' };
    }
    try {
      const { subscription, goesByStored } = await this.#read(resource);
      // Only now, at once with what replaces it: deliveries that are under way find the one or the other.
      const before = this.#byId.get(version.id);
      this.#forget(version.id);
      const since = status === 'active' && before ? before.since : version.transaction;
      this.#remember({ subscription, since, ...(goesByStored && { source: version }) });
      return { kind: status === 'requested' ? 'activate' : 'none' };
    } catch (error) {
      if (!(error instanceof Problem) || error.kind === 'unavailable') throw error;
      this.#forget(version.id);
      return { kind: 'fail', reason: cut(error.message) };
    }
  }

  /** To be taken again when a stored definition has changed. */
  get goingByStored(): readonly StoredVersion[] {
    return [...this.#byId.values()].flatMap(({ source }) => source ?? []);
  }

  async #read(resource: Resource): Promise<{ subscription: ActiveSubscription; goesByStored: boolean }> {
    let readings = 0;
    const subscription = await this.#withDefinitions(ownersPermit(resource, this.#registry), (terminology) => {
      readings += 1;
      return readSubscription(resource, this.#registry, this.#base, terminology);
    });
    return { subscription, goesByStored: readings > 1 };
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
