interface Waiting<Q, A> {
  readonly asked: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/** Requests under way at once: while they are, what is asked gathers. */
const MOST_RUNNING = 2;

/**
 * Answers many questions with one request. It is sent after all of its questions were asked, so that each sees what
 * was acknowledged before it.
 */
export class Gathering<Q, A> {
  readonly #answer: (asked: readonly Q[]) => Promise<readonly A[]>;
  readonly #most: number;
  #waiting: Waiting<Q, A>[] = [];
  #running = 0;
  #scheduled = false;

  /** `answer` gives as many answers as there are questions, at most `most`, in their order. */
  constructor(most: number, answer: (asked: readonly Q[]) => Promise<readonly A[]>) {
    this.#most = most;
    this.#answer = answer;
  }

  ask(asked: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ asked, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#running >= MOST_RUNNING) return;
    this.#scheduled = true;
    // What the same turn of the event loop still brings comes along.
    setImmediate(() => {
      this.#scheduled = false;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    const group = this.#waiting.splice(0, this.#most);
    this.#running++;
    if (this.#waiting.length > 0) this.#schedule();
    try {
      const answers = await this.#answer(group.map(({ asked }) => asked));
      for (const [n, { resolve }] of group.entries()) resolve(answers[n] as A);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
    this.#running--;
    if (this.#waiting.length > 0) this.#schedule();
  }
}
