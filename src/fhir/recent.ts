/**
 * A map that keeps what was used lately in two generations: when the young one is full it becomes the old one, and what
 * was not asked for since is forgotten with the generation before. A hit costs one lookup, and at most one move a generation.
 */
export class Recent<K, V> {
  readonly #size: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  /** Keeps at least `size` ÷ 2 and at most `size` entries. */
  constructor(size: number) {
    this.#size = size / 2;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    this.#young.set(key, value);
    if (this.#young.size < this.#size) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(key: K): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
