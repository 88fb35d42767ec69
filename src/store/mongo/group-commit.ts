import { Problem } from '../../fhir/problem.ts';
import type { Commit, CommitResult } from '../store.ts';
import type { MongoContext } from './context.ts';
import { GroupWriter } from './group-writer.ts';
import { type PreparedCommit, prepare } from './prepared.ts';

/** Changes in one transaction: enough to share an acknowledgement, few enough to stay short. */
const MOST_CHANGES = 1000;

/** Gathers commits that come while a group is being written into the next one. */
export class GroupCommit {
  readonly #context: MongoContext;
  readonly #writer: GroupWriter;
  readonly #committed: (transaction: number) => void;
  readonly #entering = new Set<Promise<void>>();
  #waiting: PreparedCommit[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(context: MongoContext, committed: (transaction: number) => void) {
    this.#context = context;
    this.#writer = new GroupWriter(context);
    this.#committed = committed;
  }

  /** Resolves when the commit is durable on a majority, or refused. */
  async commit(commit: Commit): Promise<CommitResult> {
    if (this.#closed) throw new Problem('unavailable', 'The store is closing.');
    return (await this.#enter(commit)).result;
  }

  /** Prepares the commit and lets it wait; what is entering is not forgotten when the store closes. */
  #enter(commit: Commit): Promise<{ result: Promise<CommitResult> }> {
    const entering = prepare(this.#context.vault, this.#context.hash, commit).then((ready) => {
      const result = new Promise<CommitResult>((resolve, reject) => {
        this.#waiting.push({ ...ready, resolve, reject });
      });
      this.#running ??= this.#run();
      // Wrapped, so that entering ends before the result is there.
      return { result };
    });
    const settled = entering.then(
      () => undefined,
      () => undefined,
    );
    this.#entering.add(settled);
    void settled.then(() => this.#entering.delete(settled));
    return entering;
  }

  /** Writes what waits, then refuses everything. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#entering.size > 0 || this.#running) {
      await Promise.all(this.#entering);
      await this.#running;
    }
    await this.#writer.close();
  }

  async #run(): Promise<void> {
    // What the same turn of the event loop still brings comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      await this.#write(this.#take());
      await this.#writer.giveWay();
    }
    this.#running = undefined;
  }

  #take(): PreparedCommit[] {
    let changes = 0;
    let count = 0;
    for (const { changes: more } of this.#waiting) {
      if (count > 0 && changes + more.length > MOST_CHANGES) break;
      changes += more.length;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #write(group: readonly PreparedCommit[]): Promise<void> {
    try {
      const results = await this.#writer.write(group);
      const deferred: PreparedCommit[] = [];
      let last = 0;
      for (const [i, prepared] of group.entries()) {
        const result = results[i];
        if (result === undefined || result === 'deferred') deferred.push(prepared);
        else {
          if (result.kind === 'committed' && result.versions.some((v) => v.outcome !== 'unchanged'))
            last = Math.max(last, result.transaction);
          prepared.resolve(result);
        }
      }
      this.#waiting.unshift(...deferred);
      if (last > 0) this.#committed(last);
    } catch (error) {
      // One commit that cannot be stored must not fail the others that happened to come with it.
      const alone = group.length === 1 || error instanceof Problem;
      if (alone) for (const { reject } of group) reject(error);
      else for (const prepared of group) await this.#write([prepared]);
    }
  }
}
