import { bytes, type Connection, integer, type Row } from '../connection.ts';

/** Blocks that one array of places can tell apart. */
export const SPAN = 4096;
/** Into so many parts by term the index of a long run of blocks is cut, so that a search reads one of them. */
export const SLICES = 64;
const TERMS = 2 ** 53;

/**
 * Where a term occurs, as one number: the term's upper 41 bits, and the block's number modulo SPAN in place of its lower
 * 12. Sorted, a term's places lie side by side. Terms that differ in the lower bits alone share places: a block is opened
 * and looked through before it counts.
 */
export const placeOf = (term: number, block: number): number => term - (term % SPAN) + (block % SPAN);

/** The slice of a long run that holds a term's places. */
export const sliceOf = (term: number): number => Math.floor((term / TERMS) * SLICES);
/** The first place of a slice. */
export const firstOf = (slice: number): number => (slice / SLICES) * TERMS;

/** Places as stored: doubles, as the machine writes them. */
export const placeBytes = (places: Float64Array): Uint8Array =>
  new Uint8Array(places.buffer, places.byteOffset, places.byteLength);
export const placesOf = (stored: Uint8Array): Float64Array => new Float64Array(Uint8Array.from(stored).buffer);

/** Index of the first place that is not below `place`, in sorted places. */
export function lowerBound(places: Float64Array, place: number): number {
  let [from, to] = [0, places.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((places[middle] ?? 0) < place) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Of each group of terms at least one. */
export type Groups = readonly (readonly number[])[];

/** Numbers of the blocks below `below` that may hold what is asked, newest first. At least one term. */
export function* blocksWith(connection: Connection, groups: Groups, below: number): Generator<number> {
  // What was fresh when it was asked may lie in a run a moment later: nothing at or above `low` is told again.
  let low = below;
  // Fresh blocks are the newest, then come the short runs, then the long ones.
  for (const source of SOURCES)
    for (;;) {
      const runs = groups.map((terms) => terms.map((term) => ({ term, row: source(connection, term, low) })));
      const newest = runs[0]?.[0]?.row;
      if (newest === undefined) break;
      const from = low;
      low = integer(newest, 0);
      const [first, ...others] = runs.map(
        (terms) => new Set(terms.flatMap(({ term, row }) => blocksOf(placesOf(bytes(row, 1)), term, low))),
      );
      const found = [...(first ?? [])].filter((block) => block < from && others.every((blocks) => blocks.has(block)));
      yield* found.sort((a, b) => b - a);
    }
  yield* earlierBlocks(connection, groups, low);
}

/** The newest run that begins before block `below`: its first block and places, of the term's slice at least. */
type Source = (connection: Connection, term: number, below: number) => Row | undefined;
const SOURCES: readonly Source[] = [
  (connection, _term, below) =>
    connection.get('SELECT block, places FROM audit_fresh WHERE block < ? ORDER BY block DESC LIMIT 1', [below]),
  (connection, _term, below) =>
    connection.get('SELECT low, places FROM audit_short WHERE low < ? ORDER BY low DESC LIMIT 1', [below]),
  (connection, term, below) =>
    connection.get('SELECT low, places FROM audit_long WHERE slice = ? AND low < ? ORDER BY low DESC LIMIT 1', [
      sliceOf(term),
      below,
    ]),
];

/** Blocks written before there were runs. */
function earlierBlocks(connection: Connection, groups: Groups, below: number): number[] {
  const [first = [], ...others] = groups;
  const places = (terms: readonly number[]): string => terms.map(() => '?').join(', ');
  const also = others
    .map((terms) => ` AND EXISTS (SELECT 1 FROM audit_term o WHERE o.term IN (${places(terms)}) AND o.block = t.block)`)
    .join('');
  return connection
    .all(
      `SELECT DISTINCT block FROM audit_term t WHERE term IN (${places(first)}) AND block < ?${also} ORDER BY block DESC`,
      [...first, below, ...others.flat()],
    )
    .map((row) => integer(row, 0));
}

/** The blocks of a run, which begins at block `low`, that may hold a term. */
function blocksOf(places: Float64Array, term: number, low: number): number[] {
  const first = term - (term % SPAN);
  const blocks: number[] = [];
  for (let at = lowerBound(places, first); at < places.length; at++) {
    const place = places[at] ?? 0;
    if (place >= first + SPAN) break;
    blocks.push(low + ((place - first - (low % SPAN) + SPAN) % SPAN));
  }
  return blocks;
}
