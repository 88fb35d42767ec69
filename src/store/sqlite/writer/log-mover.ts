import type { Worker } from 'node:worker_threads';
import { type Connection, integer } from '../connection.ts';

/** How long the log is, is asked after so many groups. */
const EVERY = 8;
/** From so many pages on the other thread moves them. */
const BEGIN = 8000;
/** What came meanwhile is little enough for the writer to move it itself, in a few milliseconds: then the log begins anew. */
const FEW = 1000;
const MOST_ROUNDS = 4;
/** The other thread does not keep up. */
const TOO_LONG = 60_000;

/**
 * Moves the write-ahead log to the database while the writer goes on: another thread does all but the last of it, so
 * that no write waits for thousands of pages. The log can begin anew only when all of it was moved and nothing came
 * since, so the last pages are the writer's. The thread is started when the log is long for the first time.
 */
export class LogMover {
  readonly #connection: Connection;
  readonly #start: (moved: SharedArrayBuffer) => Worker;
  readonly #moved = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  #worker: Worker | undefined;
  /** At so many pages the writer moves them itself: when the other thread failed, soon. */
  #longest = TOO_LONG;
  #asked = 0;
  #rounds = 0;
  #groups = 0;

  /** `start` starts the thread that runs `moveWhenAsked`. */
  constructor(connection: Connection, start: (moved: SharedArrayBuffer) => Worker) {
    this.#connection = connection;
    this.#start = start;
  }

  /** To be called after each group. */
  afterGroup(): void {
    if (++this.#groups % EVERY !== 0) return;
    const rest = this.#rest();
    if (rest >= this.#longest) this.move();
    else if (this.#asked !== Atomics.load(new Int32Array(this.#moved), 0)) return;
    else if (this.#rounds > 0 && (rest <= FEW || this.#rounds >= MOST_ROUNDS)) this.move();
    else if (this.#rounds > 0 || rest >= BEGIN) this.#ask();
  }

  /** The writer moves all of it now. */
  move(): void {
    this.#rounds = 0;
    moveLog(this.#connection);
  }

  close(): void {
    this.#worker?.postMessage('close');
  }

  #ask(): void {
    this.#worker ??= this.#started();
    this.#asked++;
    this.#rounds++;
    this.#worker.postMessage('move');
  }

  #started(): Worker {
    const worker = this.#start(this.#moved);
    worker.on('error', () => {
      this.#longest = BEGIN;
    });
    return worker;
  }

  /** Pages of the log that are not in the database yet. */
  #rest(): number {
    const row = this.#connection.get('PRAGMA wal_checkpoint(NOOP)');
    return integer(row, 1) - integer(row, 2);
  }
}

/** Moves what can be moved without waiting for anyone. */
export function moveLog(connection: Connection): void {
  try {
    connection.exec('PRAGMA wal_checkpoint(PASSIVE)');
  } catch {
    // A full disk: everything stays in the log, which is as durable, until the next time.
  }
}
