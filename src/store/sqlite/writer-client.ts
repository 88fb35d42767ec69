import type { KeyObject } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { Problem } from '../../fhir/problem.ts';
import type { RecordLines } from './audit/record-lines.ts';
import { CellWriter } from './cells.ts';
import type { Batch, Orders, Replies, Reply, SentOrder, Span } from './messages.ts';
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

/** What an order is written into. */
export interface BatchUnderWay {
  /** Puts sealed bytes into the batch and says where they are. */
  keep(sealed: Buffer): Span;
  /** Where a commit writes its changes. */
  readonly changes: CellWriter;
}

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
  readonly #gathering: BatchUnderWay = { keep: (sealed) => this.#keep(sealed), changes: new CellWriter() };
  #orders: { id: number; order: SentOrder; records: RecordLines | undefined }[] = [];
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
  send(build: (batch: BatchUnderWay) => SentOrder, records?: RecordLines): Promise<Reply> {
    return this.#gone() ?? this.#enqueue(this.#build(build), records);
  }

  /** As `send`, of an order that may turn out not to be ready: then it gives undefined, and nothing is sent. */
  offer(build: (batch: BatchUnderWay) => SentOrder | undefined, records?: RecordLines): Promise<Reply> | undefined {
    const gone = this.#gone();
    if (gone) return gone;
    const order = this.#build(build);
    return order && this.#enqueue(order, records);
  }

  #gone(): Promise<never> | undefined {
    if (!this.#closed && this.#failure === undefined) return undefined;
    return Promise.reject(unavailable(this.#failure ?? 'the store is closed'));
  }

  #enqueue(order: SentOrder, records: RecordLines | undefined): Promise<Reply> {
    const id = this.#next++;
    this.#orders.push({ id, order, records });
    if (order.kind === 'commit') this.#changes += order.changes;
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

  /** What is not sent leaves nothing behind: half a change would be read as the beginning of the next. */
  #build<O extends SentOrder | undefined>(build: (batch: BatchUnderWay) => O): O {
    const { changes } = this.#gathering;
    const before = { cells: changes.length, buffers: this.#buffers.length, length: this.#length };
    let order: O | undefined;
    try {
      order = build(this.#gathering);
      return order;
    } finally {
      if (order === undefined) {
        changes.cut(before.cells);
        this.#buffers.length = before.buffers;
        this.#length = before.length;
      }
    }
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
    const bytes = this.#length > 0 ? this.#sealed() : undefined;
    const orders: Orders = this.#orders.map(({ id, order, records }) =>
      records ? { id, order, heads: records.heads } : { id, order },
    );
    const changes = this.#gathering.changes.take();
    const batch: Batch = {
      more,
      enough: Math.max(LEAST_GROUP, this.#underWay / 2),
      orders: JSON.stringify(orders),
      ...(changes && { changes }),
      ...(bytes && { bytes }),
      lines: this.#orders.map(({ records }) => records?.lines ?? ''),
    };
    this.#batch++;
    this.#orders = [];
    this.#buffers = [];
    this.#length = 0;
    this.#changes = 0;
    // Records of reads have neither, and moving nothing costs more than they do.
    this.#worker.postMessage(
      batch,
      [bytes, changes?.numbers].flatMap((array) => (array ? [array.buffer] : [])),
    );
    Atomics.add(this.#sent, 0, 1);
    Atomics.notify(this.#sent, 0);
  }

  /** What was kept, one after another. */
  #sealed(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const buffer of this.#buffers) {
      all.set(buffer, at);
      at += buffer.length;
    }
    return all;
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
