import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import { Deliveries, type DeliveryHost } from './delivery.ts';
import { Dispatcher, type DispatcherHost } from './dispatcher.ts';

/** How often the feed and the outbox are looked at without a hint: what another process wrote, what is due again. */
const PERIOD = 1_000;
/** Commits that follow one another closely are looked at together. */
const TOGETHER = 20;

/** The background half of subscriptions: one loop that matches and delivers, woken by commits of this process. */
export class SubscriptionService {
  readonly #dispatcher: Dispatcher;
  readonly #deliveries: Deliveries;
  readonly #store: Store;
  readonly #log: Logger;
  readonly #period: number;
  #stopped = false;
  #wake: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();
  #unsubscribe: () => void = () => undefined;

  constructor(host: DispatcherHost & DeliveryHost, period = PERIOD) {
    this.#dispatcher = new Dispatcher(host);
    this.#deliveries = new Deliveries(host);
    this.#store = host.store;
    this.#log = host.log;
    this.#period = period;
  }

  /** Loads the Subscriptions and begins; resolves once they are loaded. */
  async start(): Promise<void> {
    await this.#dispatcher.load();
    this.#unsubscribe = this.#store.onCommit(() => this.#wake());
    this.#loop = this.#run();
  }

  /** Finishes the deliveries in flight. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    this.#wake();
    await this.#loop;
    await this.#deliveries.finish();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const woken = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#period);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      try {
        await this.#dispatcher.run(() => this.#stopped);
        await this.#deliveries.begin(() => this.#wake());
      } catch (error) {
        // The store may be away for a while (an election); the loop goes on and finds everything where it left it.
        this.#log.warn({ err: error }, 'subscriptions paused');
      }
      await woken;
      await pause(TOGETHER);
    }
  }
}
