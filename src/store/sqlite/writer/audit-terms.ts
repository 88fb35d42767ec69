import { firstOf, lowerBound, placeBytes, placeOf, placesOf, SLICES, SPAN } from '../audit/places.ts';
import { bytes, type Connection, integer, type Row } from '../connection.ts';

/** Fresh blocks become a short run when there are so many. */
const SHORT_BLOCKS = 64;
/** Short runs become a long one when it would have so many blocks, or places: as many as are sorted in some 20 ms. */
const LONG_BLOCKS = SPAN;
const LONG_PLACES = 250_000;

/**
 * Keeps the index of the audit log in sorted arrays, so that a record costs neither a row nor a write at a random place
 * (a log-structured merge tree of two levels). The terms of a block lie beside it until 64 blocks make a short run;
 * short runs become a long one, cut into slices by term.
 */
export function indexTerms(connection: Connection, block: number, terms: Iterable<number>): void {
  const places = Float64Array.from(terms, (term) => placeOf(term, block)).sort();
  connection.run('INSERT INTO audit_fresh VALUES (?, ?)', [block, placeBytes(places)]);
  if (block % SHORT_BLOCKS === 0) makeShortRun(connection, block);
}

function makeShortRun(connection: Connection, newest: number): void {
  const { low, places } = joined(connection.all('SELECT block, places FROM audit_fresh ORDER BY block'));
  connection.run('DELETE FROM audit_fresh');
  const short = connection.get('SELECT min(low), total(length(places)) FROM audit_short');
  const first = short?.[0];
  const held = typeof first === 'number' ? Number(short?.[1]) / places.BYTES_PER_ELEMENT : 0;
  const tooLong = typeof first === 'number' && newest - first >= LONG_BLOCKS;
  if (tooLong || (held > 0 && held + places.length > LONG_PLACES)) makeLongRun(connection);
  connection.run('INSERT INTO audit_short VALUES (?, ?)', [low, placeBytes(places)]);
}

function makeLongRun(connection: Connection): void {
  const { low, places } = joined(connection.all('SELECT low, places FROM audit_short ORDER BY low'));
  connection.run('DELETE FROM audit_short');
  let from = 0;
  for (let slice = 0; slice < SLICES; slice++) {
    const to = lowerBound(places, firstOf(slice + 1));
    // An empty slice is kept too: it says that the run was looked at.
    connection.run('INSERT INTO audit_long VALUES (?, ?, ?)', [slice, low, placeBytes(places.subarray(from, to))]);
    from = to;
  }
}

/** The sorted places of consecutive runs, and the first block of the first. */
function joined(rows: readonly Row[]): { readonly low: number; readonly places: Float64Array } {
  const runs = rows.map((row) => placesOf(bytes(row, 1)));
  const places = new Float64Array(runs.reduce((sum, run) => sum + run.length, 0));
  let at = 0;
  for (const run of runs) {
    places.set(run, at);
    at += run.length;
  }
  return { low: integer(rows[0], 0), places: places.sort() };
}
