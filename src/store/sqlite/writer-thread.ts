import { type MessagePort, parentPort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads';
import { CellReader, type Cells } from './cells.ts';
import { readCommit } from './change-cells.ts';
import { Connection, READS, WRITER } from './connection.ts';
import { keyedHash } from './hash.ts';
import type { Batch, Order, Orders, Replies, Reply } from './messages.ts';
import type { AuditSealing, MadeRecords } from './writer/append-block.ts';
import { applyCommit } from './writer/apply-commit.ts';
import { Group } from './writer/group.ts';
import { LogMover, moveLog } from './writer/log-mover.ts';
import { moveWhenAsked } from './writer/move-when-asked.ts';
import { advance, claim, done, retry } from './writer/outbox-orders.ts';
import type { WriterData } from './writer-client.ts';

// A group takes what waits, for about this long; then one fsync answers all of it.
const GROUP_MS = 25;
// The next part of what comes is waited for so long: making it takes the main thread about one.
const MORE_MS = 4;
// With nothing to write for so long, what lies in the write-ahead log is moved to the database.
const IDLE_MS = 200;

const NO_BYTES = new Uint8Array();
const NO_CELLS: Cells = { numbers: new Float64Array(), texts: [] };

interface Waiting {
  readonly id: number;
  readonly order: Order;
  readonly bytes: Buffer;
  readonly records: Omit<MadeRecords, 'versions'> | undefined;
}

/** The only writer of this process: takes all orders that wait, writes them in one transaction, answers after the fsync. */
class Writer {
  readonly #connection: Connection;
  readonly #reads: Connection;
  readonly #port: MessagePort;
  readonly #sealing: AuditSealing;
  readonly #waiting: Waiting[] = [];
  readonly #sent: Int32Array<SharedArrayBuffer>;
  #isMoreToCome = false;
  #enough = 0;
  #housekeeping = 0;
  readonly #log: LogMover;
  #checkpoint: NodeJS.Timeout | undefined;

  constructor(
    connection: Connection,
    reads: Connection,
    port: MessagePort,
    sealing: AuditSealing,
    sent: SharedArrayBuffer,
    log: LogMover,
  ) {
    this.#connection = connection;
    this.#log = log;
    this.#reads = reads;
    this.#sealing = sealing;
    this.#port = port;
    this.#sent = new Int32Array(sent);
    port.on('message', (message: Batch | 'close') => this.#take(message));
  }

  #take(message: Batch | 'close'): void {
    clearTimeout(this.#checkpoint);
    if (message === 'close') {
      this.#log.close();
      for (const connection of [this.#connection, this.#reads]) {
        connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        connection.close();
      }
      this.#port.close();
      return;
    }
    this.#queue(message);
    while (this.#waiting.length > 0) this.#group();
    this.#checkpoint = setTimeout(() => this.#moveLogs(), IDLE_MS);
  }

  #moveLogs(): void {
    this.#log.move();
    moveLog(this.#reads);
  }

  #queue(batch: Batch): void {
    const { bytes: moved = NO_BYTES, changes: cells = NO_CELLS } = batch;
    const bytes = Buffer.from(moved.buffer, moved.byteOffset, moved.byteLength);
    this.#isMoreToCome = batch.more;
    this.#enough = batch.enough;
    const orders: Orders = JSON.parse(batch.orders);
    const changes = new CellReader(cells);
    for (const [n, { id, order, heads }] of orders.entries())
      this.#waiting.push({
        id,
        order: order.kind === 'commit' ? readCommit(order, changes) : order,
        bytes,
        records: heads && { heads, lines: batch.lines[n] ?? '' },
      });
  }

  /** Batches that arrived while the last group was on its way to the disk, or that are being made. A close stays for the event loop. */
  #more(): boolean {
    while (this.#waiting.length === 0) {
      const seen = Atomics.load(this.#sent, 0);
      const received: { message: Batch | 'close' } | undefined = receiveMessageOnPort(this.#port);
      if (received?.message === 'close') setImmediate(() => this.#take('close'));
      else if (received) this.#queue(received.message);
      else if (this.#isMoreToCome) this.#isMoreToCome = Atomics.wait(this.#sent, 0, seen, MORE_MS) !== 'timed-out';
      else return false;
    }
    return true;
  }

  #group(): void {
    const taken: Waiting[] = [];
    let replies: Replies['replies'];
    // Records of what was only read do not touch the database, unless they come along with changes.
    const isReads = this.#waiting[0]?.order.kind === 'audit';
    const connection = isReads ? this.#reads : this.#connection;
    try {
      replies = connection.write(() => {
        const group = new Group(connection, this.#sealing);
        const started = performance.now();
        const made: { id: number; reply: Reply }[] = [];
        const isFull = () =>
          taken.length > 0 && (taken.length >= this.#enough || performance.now() - started >= GROUP_MS);
        while (!isFull() && this.#more()) {
          if (isReads && this.#waiting[0]?.order.kind !== 'audit') break;
          const next = this.#waiting.shift();
          if (!next) break;
          taken.push(next);
          made.push({ id: next.id, reply: execute(group, next) });
        }
        if (!isReads) this.#housekeep(group.counters.at);
        group.finish();
        return made;
      });
    } catch (error) {
      replies = this.#alone(connection, taken, error);
    }
    this.#port.postMessage({ replies } satisfies Replies);
    if (!isReads) this.#log.afterGroup();
  }

  /** One order failed the group: each again by itself, so that the others do not suffer. */
  #alone(connection: Connection, taken: readonly Waiting[], cause: unknown): Replies['replies'] {
    const failed = (id: number, error: unknown) => ({ id, reply: { kind: 'failed', message: String(error) } as const });
    if (taken.length === 0) {
      const all = this.#waiting.splice(0);
      return all.map((waiting) => failed(waiting.id, cause));
    }
    if (taken.length === 1) return taken.map((waiting) => failed(waiting.id, cause));
    return taken.map((waiting) => {
      try {
        const reply = connection.write(() => {
          const group = new Group(connection, this.#sealing);
          const made = execute(group, waiting);
          group.finish();
          return made;
        });
        return { id: waiting.id, reply };
      } catch (error) {
        return failed(waiting.id, error);
      }
    });
  }

  #housekeep(now: number): void {
    if (this.#housekeeping++ % 1000 !== 0) return;
    this.#connection.run('DELETE FROM receipt WHERE key IN (SELECT key FROM receipt WHERE expires < ? LIMIT 1000)', [
      now - 86_400_000,
    ]);
  }
}

function execute(group: Group, { order, bytes, records }: Waiting): Reply {
  switch (order.kind) {
    case 'commit':
      return applyCommit(group, order, bytes, records);
    case 'define':
      return { kind: 'defined', numbers: group.define(order.names) };
    case 'audit':
      if (records) group.audit({ ...records, versions: [] });
      return { kind: 'done' };
    case 'advance':
      return { kind: 'advanced', moved: advance(group, order, bytes) };
    case 'claim':
      return { kind: 'claimed', items: claim(group, order) };
    case 'done':
      done(group, order);
      return { kind: 'done' };
    case 'retry':
      retry(group, order);
      return { kind: 'done' };
    default:
      return order satisfies never;
  }
}

function write(port: MessagePort, { file, readsFile, secret, dataKey, key, sent }: WriterData): void {
  const connection = new Connection(file, WRITER);
  const log = new LogMover(
    connection,
    (moved) =>
      new Worker(new URL(import.meta.url), {
        workerData: { file, moved } satisfies MoverData,
        resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
        name: 'novamind-sqlite-log',
      }),
  );
  const sealing = { dataKey, key, hash: keyedHash(secret) };
  new Writer(connection, new Connection(readsFile, READS), port, sealing, sent, log);
}

/** What the thread that moves the log starts with: it runs this file too. */
interface MoverData {
  readonly file: string;
  readonly moved: SharedArrayBuffer;
}

const data: WriterData | MoverData = workerData;
if (!parentPort) throw new Error('the SQLite writer runs in a worker thread');
if ('moved' in data) moveWhenAsked(parentPort, data.file, data.moved);
else write(parentPort, data);
