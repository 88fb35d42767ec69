import { isObject, listOf } from '../../src/fhir/resource.ts';
import { Connection } from './connection.ts';
import { type FuzzRequest, mayWrite, wireBytes } from './request.ts';
import { ANSWER_WITHIN, type Run, sendOne } from './run.ts';

const NEWEST: FuzzRequest = { method: 'GET', target: '/fhir/_history?_count=1', headers: [] };

/**
 * Sends the requests `from` to `until` one at a time with nobody else writing, and compares the newest version of the
 * system's history before and after each that is refused: history is append-only, so whatever it wrote would show.
 */
export async function sendWatched(run: Run, from: number, until: number): Promise<void> {
  const { tally } = run;
  const connection = new Connection(new URL(run.server.origin));
  let before = await newest(run, connection);
  for (let serial = from; serial < until && tally.failures.length === 0; serial++) {
    const { request, result } = await sendOne(run, connection, serial);
    // What is no well-formed HTTP may hold a write that is, and is taken.
    if (!mayWrite(request) && request.raw === undefined) continue;
    const after = await newest(run, connection);
    if (mayWrite(request) && typeof result === 'object' && result.status >= 400) {
      tally.watched++;
      const what = `answered ${result.status} and wrote: the newest version was ${before} and is ${after}`;
      if (after !== before) tally.failures.push({ serial, request, what });
    }
    before = after;
  }
  connection.close();
}

/** Total of the history and the newest version in it. @throws where the history cannot be read. */
async function newest(run: Run, connection: Connection): Promise<string> {
  const bytes = wireBytes(NEWEST, new URL(run.server.origin), run.tokens.system);
  const result = await connection.send(bytes, false, false, ANSWER_WITHIN);
  const bundle: unknown = typeof result === 'object' ? JSON.parse(result.body.toString()) : undefined;
  if (!isObject(bundle) || bundle['type'] !== 'history') throw new Error(`no history: ${JSON.stringify(bundle)}`);
  const [entry] = listOf(bundle['entry']).filter(isObject);
  const response = isObject(entry?.['response']) ? entry['response'] : {};
  return [entry?.['fullUrl'], response['etag'], response['lastModified']].map(String).join(' ');
}
