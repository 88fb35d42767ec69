import type { KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { Problem } from '../../fhir/problem.ts';
import type { RecordLines } from './audit/record-lines.ts';
import type { Batch, Order, Orders, Replies, Reply, Span } from './messages.ts';
import { writerSource } from './writer-source.ts';

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (problem: Problem) => void;
}

/** What the writer thread starts with: the files, the secret of its hashes, and the key under which audit records are sealed. */
export interface WriterData {
  readonly file: string;
  readonly readsFile: string;
  readonly secret: string;
  readonly dataKey: number;
  readonly key: KeyObject;
  /** One 32-bit number, raised and notified with every message: what the thread waits on while more is to come. */
  readonly sent: SharedArrayBuffer;
}

/** Puts sealed bytes into the batch under way and says where they are. */
export type Keep = (sealed: Buffer) => Span;

const FLUSH_BYTES = 1 << 20;
/** So many changes leave at once, for the writer to begin with while the others of this turn are still being made. */
const AHEAD = 8;
/** After orders of so many changes the next takes the main thread too long to be waited for. */
const LARGE = 32;
const LEAST_GROUP = 8;
/** How fast the number of orders under way is forgotten, per answer of the writer. */
const FORGET = 0.95;

/** The main thread's side of the writer thread: gathers the orders of one turn of the event loop into one message. */
export class WriterClient {
  readonly #worker: Worker;
  readonly #sent: Int32Array<SharedArrayBuffer>;
  readonly #waiting = new Map<number, Waiting>();
  #orders: { id: number; order: Order; records: RecordLines | undefined }[] = [];
  #buffers: Buffer[] = [];
  #length = 0;
  #changes = 0;
  /** The writer was told that more comes. */
  #promised = false;
  /** The most orders that waited for the writer lately. */
  #underWay = 0;
  #next = 1;
  #scheduled = false;
  #batch = 0;
  #closed: Promise<void> | undefined;
  #failure: string | undefined;

  constructor(data: Omit<WriterData, 'sent'>) {
    const sent = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    this.#sent = new Int32Array(sent);
    this.#worker = new Worker(writerSource(), {
      workerData: { ...data, sent } satisfies WriterData,
      // Its heap holds one group of commits; a larger young half would only cost memory.
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
      name: 'novamind-sqlite-writer',
    });
    this.#worker.on('message', (message: Replies) => this.#receive(message));
    this.#worker.on('error', (error) => this.#fail(`the SQLite writer failed: ${error}`));
    this.#worker.on('exit', () => this.#fail('the store is closed'));
  }

  /** Sends one order with its audit records, to which may be added until the batch leaves; resolves when it is durable. Rejects with Problem `unavailable` where it could not be written. */
  send(build: (keep: Keep) => Order, records?: RecordLines): Promise<Reply> {
    if (this.#closed || this.#failure !== undefined)
      return Promise.reject(unavailable(this.#failure ?? 'the store is closed'));
    const id = this.#next++;
    const order = build((sealed) => this.#keep(sealed));
    this.#orders.push({ id, order, records });
    if (order.kind === 'commit') this.#changes += order.changes.length;
    if (this.#length > FLUSH_BYTES) this.flush();
    else if (this.#changes >= AHEAD) this.#flush(this.#changes < LARGE);
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.flush();
      });
    }
    this.#underWay = Math.max(this.#underWay, this.#waiting.size + 1);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** The number of the batch that is being gathered. */
  get batch(): number {
    return this.#batch;
  }

  /** Why nothing can be written, where that is so. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Finishes what was sent, then ends the thread. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#worker.once('exit', () => resolve());
      this.flush();
      this.#worker.postMessage('close');
    });
    return this.#closed;
  }

  #keep(sealed: Buffer): Span {
    const span = { at: this.#length, length: sealed.length };
    this.#buffers.push(sealed);
    this.#length += sealed.length;
    return span;
  }

  /** Hands over what was gathered, without waiting for the end of this turn of the event loop. */
  flush(): void {
    if (this.#orders.length > 0 || this.#promised) this.#flush(false);
  }

  #flush(more: boolean): void {
    this.#promised = more;
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const buffer of this.#buffers) {
      all.set(buffer, at);
      at += buffer.length;
    }
    const orders: Orders = this.#orders.map(({ id, order, records }) =>
      records ? { id, order, heads: records.heads } : { id, order },
    );
    const batch: Batch = {
      more,
      enough: Math.max(LEAST_GROUP, this.#underWay / 2),
      orders: JSON.stringify(orders),
      bytes: all,
      lines: this.#orders.map(({ records }) => records?.lines ?? ''),
    };
    this.#batch++;
    this.#orders = [];
    this.#buffers = [];
    this.#length = 0;
    this.#changes = 0;
    this.#worker.postMessage(batch, all.length > 0 ? [all.buffer] : []);
    Atomics.add(this.#sent, 0, 1);
    Atomics.notify(this.#sent, 0);
  }

  #receive({ replies }: Replies): void {
    this.#underWay = Math.max(this.#waiting.size, this.#underWay * FORGET);
    for (const { id, reply } of replies) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (reply.kind === 'failed') waiting?.reject(unavailable(reply.message));
      else waiting?.resolve(reply);
    }
  }

  #fail(message: string): void {
    this.#failure ??= message;
    for (const { reject } of this.#waiting.values()) reject(unavailable(message));
    this.#waiting.clear();
  }
}

const unavailable = (diagnostics: string): Problem => new Problem('unavailable', diagnostics);
