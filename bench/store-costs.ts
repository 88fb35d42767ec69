import { loadRegistry } from '../src/conformance/r4-registry.ts';
import { printScans } from './scan.ts';
import { type Cost, searchCosts } from './search-cost.ts';
import { StoreLoad } from './store-load.ts';
import { opened, type StorePlace } from './store-place.ts';
import { printHead, printRow, whole } from './table.ts';

/** How many Observations a store is grown to, one step after another, and which of the steps is scanned. */
export interface Sizes {
  readonly steps: readonly number[];
  readonly scanned: number;
  /** Said in titles where the sizes are not those of the goals. */
  readonly remark: string;
}

/** The sizes that the goals name, from `least` seconds a row on; a shorter run holds less, and says so. */
export const sizesFor = (seconds: number, least: number, large: boolean): Sizes => {
  if (seconds < least && !large)
    return { steps: [10_000, 20_000], scanned: 20_000, remark: ` (a run below ${least} s a row: 20,000, not 200,000)` };
  return { steps: [10_000, 200_000, ...(large ? [5_000_000] : [])], scanned: 200_000, remark: '' };
};

/** Grows a store and prints what searches cost at each size, and how fast it is read from end to end. */
export async function printStoreCosts(place: StorePlace, { steps, scanned, remark }: Sizes): Promise<void> {
  const registry = loadRegistry();
  const load = new StoreLoad(registry);
  const costs: Cost[] = [];
  await place.remove();
  try {
    for (const observations of steps) {
      const before = load.observations;
      const begun = performance.now();
      await opened(place, (store) => load.grow(store, observations));
      const perSecond = ((observations - before) / (performance.now() - begun)) * 1000;
      console.log(
        `\n${place.title}: ${whole(observations - before)} Observations loaded, ${whole(perSecond)} a second.`,
      );
      costs.push(...(await searchCosts(place, registry, load.patients)));
      if (observations === scanned) await printScans(place, observations, remark);
    }
  } finally {
    await place.remove();
  }
  printHead(`${place.title}: one search in the store${remark}`, '', '#Observations', '#median ms', '#p99 ms');
  for (const name of new Set(costs.map(({ search }) => search)))
    for (const { search, observations, median, p99 } of costs)
      if (search === name) printRow(search, observations, median.toFixed(2), p99.toFixed(2));
}
