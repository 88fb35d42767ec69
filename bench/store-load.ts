import type { Registry } from '../src/conformance/registry.ts';
import type { JsonObject } from '../src/fhir/resource.ts';
import { indexValues } from '../src/interactions/indexing.ts';
import { patientOf } from '../src/search/compartment.ts';
import type { Change, Store } from '../src/store/store.ts';
import { uuidV7 } from '../src/uuid-v7.ts';
import { observation } from './observations.ts';
import { randomNumbers } from './random.ts';

export const BASE = 'https://bench.invalid/fhir';
export const OBSERVATIONS_EACH = 100;
/** So many patients bear each family name. */
const NAMESAKES = 10;
const AT_ONCE = 1000;
const COMMITS_IN_FLIGHT = 2;

// All of one length: no name is the beginning of another.
const six = (n: number): string => String(n).padStart(6, '0');
export const familyOf = (patient: number): string => `Family${six(Math.floor(patient / NAMESAKES))}`;
/** Of one patient alone. */
export const givenOf = (patient: number): string => `Given${six(patient)}`;

/** Patients with a hundred vital signs each, put in through the store's port as the interactions do, a thousand a commit. */
export class StoreLoad {
  readonly patients: string[] = [];
  readonly #registry: Registry;
  readonly #newId = uuidV7(Date.now);
  readonly #random = randomNumbers(20260101);
  #serial = 0;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  get observations(): number {
    return this.#serial;
  }

  /** Adds new patients until there are so many Observations: those of all new patients take turns, as they come in life. */
  async grow(store: Store, observations: number): Promise<void> {
    const known = this.patients.length;
    const added = observations / OBSERVATIONS_EACH - known;
    await this.#put(store, added, (n) => this.#patient(known + n));
    await this.#put(store, added * OBSERVATIONS_EACH, (n) => ({
      ...observation({
        patient: this.patients[known + (n % added)] ?? '',
        serial: this.#serial++,
        nth: Math.floor(n / added),
        value: 50 + this.#random(80),
      }),
      id: this.#newId(),
    }));
    const held = await store.count(['Observation'], { kind: 'all' });
    if (held !== observations) throw new Error(`the store holds ${held} of ${observations} Observations`);
  }

  #patient(n: number) {
    const id = this.#newId();
    this.patients.push(id);
    const name = [{ family: familyOf(n), given: [givenOf(n)] }];
    return { resourceType: 'Patient', id, name, gender: n % 2 ? 'male' : 'female', birthDate: '1970-01-01' };
  }

  async #put(store: Store, total: number, make: (n: number) => Made): Promise<void> {
    const flying = new Set<Promise<void>>();
    for (let from = 0; from < total; from += AT_ONCE) {
      const changes = Array.from({ length: Math.min(AT_ONCE, total - from) }, (_, n) => this.#change(make(from + n)));
      const flight = committed(store, changes).then(() => void flying.delete(flight));
      flying.add(flight);
      if (flying.size >= COMMITS_IN_FLIGHT) await Promise.race(flying);
    }
    await Promise.all(flying);
  }

  #change({ resourceType: type, id, ...rest }: Made): Change {
    const resource = { resourceType: type, id, meta: {}, ...rest };
    const values = indexValues(this.#registry, BASE, resource);
    const draft = {
      type,
      id,
      body: Buffer.from(JSON.stringify(resource)),
      values,
      patient: patientOf(values),
      indexed: this.#registry.searchHash(type),
    };
    return { kind: 'put', method: 'POST', draft, expect: { kind: 'absent' } };
  }
}

type Made = JsonObject & { readonly resourceType: string; readonly id: string };

async function committed(store: Store, changes: readonly Change[]): Promise<void> {
  const result = await store.commit({ changes });
  if (result.kind !== 'committed') throw new Error(`a load of ${changes.length} was ${result.kind}`);
}
