import type { Registry } from '../src/conformance/registry.ts';
import { parseSearch } from '../src/search/parse.ts';
import type { Query } from '../src/search/query.ts';
import type { Store } from '../src/store/store.ts';
import { randomNumbers } from './random.ts';
import { opened, type StorePlace } from './store-place.ts';
import { BASE, familyOf, givenOf, OBSERVATIONS_EACH } from './store-load.ts';

const PAGE = 20;
const WARM = 20;
const WARM_ROUNDS = 10;
const MEASURED = 200;
const HEART_RATE = 'code=http://loinc.org|8867-4';
const NEWEST = `_sort=-date&_count=${PAGE}`;

/** Pages of 20; `n` is the number of a patient that no query before was about. */
const SEARCHES: readonly (readonly [name: string, query: (n: number, patients: readonly string[]) => string])[] = [
  [
    'patient + code + date, newest first, another patient each time',
    (n, patients) => `subject=Patient/${patients[n]}&${HEART_RATE}&date=ge2026-01-01&${NEWEST}`,
  ],
  [
    'chained name + code + sort, another patient each time',
    (n) => `subject:Patient.given=${givenOf(n)}&${HEART_RATE}&${NEWEST}`,
  ],
  [
    'chained name of ten patients + code + sort, asked for again',
    (n) => `subject:Patient.family=${familyOf(n)}&${HEART_RATE}&${NEWEST}`,
  ],
  ['dense code (60 % of all) + date=ge, newest first', (n) => `${HEART_RATE}&date=ge${dayOf(n)}&${NEWEST}`],
  ['dense code (60 % of all) + date=le, newest first', (n) => `${HEART_RATE}&date=le${dayOf(n)}&${NEWEST}`],
];
const dayOf = (n: number): string => `2026-${two(1 + (n % 8))}-${two(1 + (n % 28))}`;
const two = (n: number): string => String(n).padStart(2, '0');

/** Milliseconds that a store took for one page. */
export interface Cost {
  readonly search: string;
  readonly observations: number;
  readonly median: number;
  readonly p99: number;
}

/** The time of each search in a store opened anew, by patients that it was not asked for before; each page is checked. */
export async function searchCosts(
  place: StorePlace,
  registry: Registry,
  patients: readonly string[],
): Promise<readonly Cost[]> {
  const observations = patients.length * OBSERVATIONS_EACH;
  const chosen = shuffled(patients.length).slice(0, WARM + MEASURED);
  const costs: Cost[] = [];
  for (const [search, textOf] of SEARCHES) {
    const queries = chosen.map((n) => queryOf(registry, textOf(n, patients)));
    const times = await opened(place, (store) => timesOf(store, search, queries));
    const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
    costs.push({ search, observations, median: at(0.5), p99: at(0.99) });
  }
  return costs;
}

/** Rising milliseconds of each query but the first few, which warm. */
async function timesOf(store: Store, search: string, queries: readonly Query[]): Promise<readonly number[]> {
  for (let round = 0; round < WARM_ROUNDS; round++)
    for (const query of queries.slice(0, WARM)) await store.search(query);
  const times: number[] = [];
  for (const query of queries.slice(WARM)) {
    const begun = performance.now();
    const { matches } = await store.search(query);
    times.push(performance.now() - begun);
    if (matches.length !== PAGE) throw new Error(`${search}: ${matches.length} matches, not a page of ${PAGE}`);
  }
  return times.sort((a, b) => a - b);
}

const queryOf = (registry: Registry, text: string): Query => {
  const pairs = [...new URLSearchParams(text)];
  const options = { base: BASE, handling: 'strict', maxCount: 1000, defaultCount: PAGE } as const;
  return parseSearch(registry, ['Observation'], pairs, options).query;
};

/** The numbers below `length` in an order that is the same in each run. */
function shuffled(length: number): number[] {
  const random = randomNumbers(length);
  const order = Array.from({ length }, (_, n) => n);
  for (let n = length - 1; n > 0; n--) {
    const other = random(n + 1);
    [order[n], order[other]] = [order[other] ?? 0, order[n] ?? 0];
  }
  return order;
}
