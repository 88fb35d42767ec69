import { isObject, listOf } from '../src/fhir/resource.ts';
import { Connection, type Reply } from './connection.ts';
import type { Asked } from './drive.ts';
import { observation } from './observations.ts';
import { randomNumbers } from './random.ts';

const PATIENTS = 200;
const OBSERVATIONS = 20_000;
const two = (n: number): string => String(n).padStart(2, '0');

/** 200 patients with 100 vital signs each, loaded through the API, and the requests that are measured on them. */
export class Workload {
  readonly #patients: string[] = [];
  /** In the order of their serial numbers, which tells patient and measure. */
  readonly #observations: string[] = [];
  /** Made while measuring: nobody else asks for them, so they may be deleted. */
  readonly #disposable: string[] = [];
  readonly #random = randomNumbers(20260101);
  #serial = 0;

  /** Loads through transactions of 100 and checks that each entry was created. */
  async load(origin: URL, token: string): Promise<void> {
    const connection = new Connection(origin, token);
    for (let i = 0; i < PATIENTS; i++) {
      const reply = await connection.send(
        'POST',
        '/fhir/Patient',
        JSON.stringify({
          resourceType: 'Patient',
          name: [{ family: `Bench${i}` }],
          gender: i % 2 ? 'male' : 'female',
          birthDate: '1970-01-01',
        }),
      );
      this.#patients.push(idOf(reply, 'Patient'));
    }
    for (let i = 0; i < OBSERVATIONS; i += 100) {
      const reply = await connection.send(
        'POST',
        '/fhir',
        this.#bundleOf((j) => [(i + j) % PATIENTS, Math.floor((i + j) / PATIENTS)]),
      );
      this.#observations.push(...created(reply));
    }
    connection.close();
    if (this.#observations.length !== OBSERVATIONS)
      throw new Error(`${this.#observations.length} of ${OBSERVATIONS} Observations loaded`);
  }

  read = (): Asked => {
    const id = this.#pick(this.#observations);
    return {
      method: 'GET',
      path: `/fhir/Observation/${id}`,
      wanted: 200,
      check: ({ body }) => must(body.includes(id), 'another resource'),
    };
  };
  create = (): Asked => ({
    method: 'POST',
    path: '/fhir/Observation',
    body: JSON.stringify(this.#observation(this.#random(PATIENTS), this.#random(5))),
    wanted: 201,
    check: (reply) => {
      this.#disposable.push(idOf(reply, 'Observation'));
    },
  });
  /** The same Observation with another value: a correction. */
  update = (): Asked => {
    const serial = this.#random(this.#observations.length);
    const id = this.#observations[serial] ?? '';
    return {
      method: 'PUT',
      path: `/fhir/Observation/${id}`,
      body: JSON.stringify({ ...this.#observation(serial % PATIENTS, Math.floor(serial / PATIENTS), serial), id }),
      wanted: 200,
    };
  };
  search = (): Asked => ({
    method: 'GET',
    path: `/fhir/Observation?subject=Patient/${this.#pick(this.#patients)}&code=http://loinc.org%7C8867-4&date=ge2026-01-01&_sort=-date&_count=20`,
    wanted: 200,
    check: ({ body }) => must(body.toString().split('"mode":"match"').length === 21, 'not a page of 20'),
  });
  /** Of a hundred 40 reads, 25 searches, 20 creates, 10 updates, 5 deletes. */
  mixed = (): Asked => {
    const n = this.#random(100);
    const next = n < 40 ? this.read : n < 65 ? this.search : n < 85 ? this.create : n < 95 ? this.update : this.#delete;
    return next();
  };
  bundle = (): Asked => ({
    method: 'POST',
    path: '/fhir',
    body: this.#bundleOf(() => [this.#random(PATIENTS), this.#random(5)]),
    wanted: 200,
    check: (reply) => must(created(reply).length === 100, 'not 100 created'),
  });
  /** Ten patients' days of minute heart rate, 14,400 samples in one transaction. */
  samples = (): Asked => {
    const entry = Array.from({ length: 10 }, () => ({
      resource: this.#samplesOfADay(),
      request: { method: 'POST', url: 'Observation' },
    }));
    return {
      method: 'POST',
      path: '/fhir',
      body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
      wanted: 200,
    };
  };

  #delete = (): Asked => {
    const id = this.#disposable.pop();
    return id === undefined ? this.create() : { method: 'DELETE', path: `/fhir/Observation/${id}`, wanted: 204 };
  };

  #samplesOfADay() {
    const day = `2026-${two(1 + this.#random(12))}-${two(1 + this.#random(28))}`;
    const data = Array.from({ length: 1440 }, () => 55 + this.#random(60)).join(' ');
    return {
      ...this.#observation(this.#random(PATIENTS), 0),
      valueQuantity: undefined,
      effectiveDateTime: undefined,
      effectivePeriod: { start: `${day}T00:00:00Z`, end: `${day}T23:59:59Z` },
      valueSampledData: {
        origin: { value: 0, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
        period: 60000,
        dimensions: 1,
        data,
      },
    };
  }

  #bundleOf(pair: (j: number) => readonly [number, number]): string {
    const entry = Array.from({ length: 100 }, (_, j) => ({
      resource: this.#observation(...pair(j)),
      request: { method: 'POST', url: 'Observation' },
    }));
    return JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
  }

  #observation(patient: number, nth: number, serial = this.#serial++) {
    return observation({
      patient: this.#patients[patient] ?? '',
      serial,
      nth,
      value: 50 + this.#random(80),
    });
  }
  #pick(list: readonly string[]): string {
    return list[this.#random(list.length)] ?? '';
  }
}

const must = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new Error(`a wrong answer: ${otherwise}`);
};
const idOf = ({ head, status, body }: Reply, type: string): string => {
  const id = new RegExp(`\\r\\nlocation:[^\\r]*/${type}/([^/\\r]+)`, 'i').exec(head)?.[1];
  if (status !== 201 || id === undefined)
    throw new Error(`POST ${type} answered ${status}: ${body.toString().slice(0, 300)}`);
  return id;
};
const created = ({ body }: Reply): readonly string[] => {
  const bundle: unknown = JSON.parse(body.toString());
  return listOf(isObject(bundle) ? bundle['entry'] : undefined).flatMap((entry) => {
    const response = isObject(entry) && isObject(entry['response']) ? entry['response'] : {};
    const id = String(response['status']).startsWith('201')
      ? /\/Observation\/([^/]+)/.exec(`/${String(response['location'])}`)?.[1]
      : undefined;
    return id === undefined ? [] : [id];
  });
};
