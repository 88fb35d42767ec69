/**
 * A set of parameters that share a value. There are few different ones however many resources are written, so each is
 * one object with its name, and adding a parameter is a look-up.
 */
export class ParamSet {
  static readonly #known = new Map<string, ParamSet>();
  static readonly none = new ParamSet([], '');

  /** The parameters in order, with commas between. */
  readonly name: string;
  readonly #params: readonly string[];
  readonly #with = new Map<string, ParamSet>();

  private constructor(params: readonly string[], name: string) {
    this.#params = params;
    this.name = name;
  }

  with(param: string): ParamSet {
    const known = this.#with.get(param);
    if (known) return known;
    const set = this.#params.includes(param) ? this : ParamSet.#of([...this.#params, param].sort());
    this.#with.set(param, set);
    return set;
  }

  static #of(params: readonly string[]): ParamSet {
    const name = params.join(',');
    const set = ParamSet.#known.get(name) ?? new ParamSet(params, name);
    ParamSet.#known.set(name, set);
    return set;
  }
}
