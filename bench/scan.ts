import type { Cursor } from '../src/search/query.ts';
import type { Store, StoredVersion } from '../src/store/store.ts';
import { opened, type StorePlace } from './store-place.ts';
import { limitCells, printHead, printRow } from './table.ts';

const PAGE = 1000;
const BEGINNING = '{"resourceType":"Observation","id":"';

/** What a scan has seen: Observations whose body was opened, each once. */
class Seen {
  readonly #ids = new Set<string>();

  take(versions: readonly StoredVersion[]): void {
    for (const { type, id, body } of versions) {
      if (type !== 'Observation') continue;
      if (body.toString('latin1', 0, BEGINNING.length) !== BEGINNING) throw new Error(`${type}/${id} was not opened`);
      this.#ids.add(id);
    }
  }

  get count(): number {
    return this.#ids.size;
  }
}

/** Follows the pages of a search for all Observations. */
async function byPages(store: Store, seen: Seen): Promise<void> {
  let cursor: Cursor | undefined;
  do {
    const query = { types: ['Observation'], where: { kind: 'all' }, sort: [], count: PAGE, total: 'none' } as const;
    const { matches, next } = await store.search({ ...query, ...(cursor && { cursor }) });
    seen.take(matches);
    cursor = next && { direction: 'next', position: next };
  } while (cursor);
}

/** Follows the feed of changes from the first transaction. */
async function byFeed(store: Store, seen: Seen): Promise<void> {
  for (let after = 0; ; ) {
    const versions = await store.changes(after, PAGE);
    const last = versions.at(-1);
    if (last === undefined) return;
    seen.take(versions);
    after = last.transaction;
  }
}

const SCANS = [
  ['pages of a search, _count=1000', byPages],
  ['feed of changes, 1000 at a time', byFeed],
] as const;

/** All Observations of a store read and opened, one page after another, as an export does. */
export async function printScans(place: StorePlace, observations: number, remark: string): Promise<void> {
  const begun = performance.now();
  const rows = await place.readRaw();
  const raw = (rows / (performance.now() - begun)) * 1000;
  printHead(
    `${place.title}: scan of ${observations.toLocaleString('en')} Observations, bodies opened${remark}`,
    '',
    '#per second',
    'limit in the same run',
    '#share',
  );
  for (const [name, scan] of SCANS) {
    // Opened anew: what an earlier scan has opened would be remembered.
    const perSecond = await opened(place, async (store) => {
      const seen = new Seen();
      const start = performance.now();
      await scan(store, seen);
      if (seen.count !== observations) throw new Error(`${name}: saw ${seen.count} of ${observations} Observations`);
      return (seen.count / (performance.now() - start)) * 1000;
    });
    printRow(name, perSecond, ...limitCells(perSecond, raw, 'the rows through the driver, nothing opened'));
  }
}
