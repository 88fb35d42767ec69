import { forms, type Hash } from './hashes.ts';

/** Different codes or targets of one parameter whose hashes are remembered. */
const REMEMBERED = 2000;

/** Remembers what is made of a text; begins anew when full, so that identifiers, each seen once, cost no memory. */
class Made<T> {
  readonly #known = new Map<string, T>();

  of(text: string, make: () => T): T {
    const before = this.#known.get(text);
    if (before !== undefined) return before;
    const made = make();
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(text, made);
    return made;
  }
}

/** The hashed forms of one parameter of one type: its texts need not be put together for each value. */
export class ParamForms {
  readonly values: number;
  readonly texts: number;
  readonly canonical: number;
  readonly #hash: Hash;
  readonly #type: string;
  readonly #param: string;
  readonly #present = new Made<number>();
  readonly #systems = new Made<number>();
  readonly #codes = new Made<readonly [code: number, systemCode: number]>();
  readonly #targets = new Made<readonly [id: number, target: number]>();

  constructor(hash: Hash, type: string, param: string) {
    this.#hash = hash;
    this.#type = type;
    this.#param = param;
    this.values = hash(forms.values(type, param));
    this.texts = hash(forms.texts(type, param));
    this.canonical = hash(forms.canonical(type, param));
  }

  present(kind: string): number {
    return this.#present.of(kind, () => this.#hash(forms.present(this.#param, kind)));
  }

  system(system: string | null): number {
    return this.#systems.of(system ?? '', () => this.#hash(forms.system(this.#param, system)));
  }

  /** The code alone, and with its system. */
  code(system: string | null, code: string): readonly [number, number] {
    return this.#codes.of(`${system ?? ''}\u0001${code}`, () => [
      this.#hash(forms.code(this.#type, this.#param, code)),
      this.#hash(forms.systemCode(this.#param, system, code)),
    ]);
  }

  /** The id alone, and with its type. */
  target(type: string, id: string): readonly [number, number] {
    return this.#targets.of(`${type}/${id}`, () => [
      this.#hash(forms.referenceId(this.#type, this.#param, id)),
      this.#hash(forms.reference(this.#param, type, id)),
    ]);
  }
}

const known = new WeakMap<Hash, Map<string, Map<string, ParamForms>>>();

const within = <K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V => {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
};

/** The forms of a parameter, made once. */
export function paramForms(hash: Hash, type: string, param: string): ParamForms {
  const params = within(
    within(known, hash, () => new Map()),
    type,
    () => new Map<string, ParamForms>(),
  );
  return params.get(param) ?? within(params, param, () => new ParamForms(hash, type, param));
}
