import { isObject, listOf } from '../../src/fhir/resource.ts';
import { Connection } from './connection.ts';
import { ANSWER_WITHIN, type Failure, type Run } from './run.ts';
import { type FuzzRequest, wireBytes } from './request.ts';

const NEWEST: FuzzRequest = { method: 'GET', target: '/fhir/_history?_count=1', headers: [] };

/**
 * Sends refused writes again, one at a time with nobody else writing, and compares the newest version of the system's
 * history before and after: history is append-only, so whatever a refusal wrote would show. Pushes a failure for each.
 */
export async function checkNothingWritten(run: Run, refused: readonly Failure[]): Promise<void> {
  const connection = new Connection(new URL(run.server.origin));
  let before = await newest(run, connection);
  for (const { serial, request } of refused) {
    const result = await ask(run, connection, request);
    const after = await newest(run, connection);
    run.tally.replayed++;
    if (typeof result === 'object' && result.status >= 400 && after !== before)
      run.tally.failures.push({
        serial,
        request,
        what: `answered ${result.status} and wrote: the newest version went from ${before} to ${after}`,
      });
    before = after;
  }
  connection.close();
}

const ask = (run: Run, connection: Connection, request: FuzzRequest) =>
  connection.send(wireBytes(request, new URL(run.server.origin), run.tokens.system), false, false, ANSWER_WITHIN);

/** Total of the history and the newest version in it. @throws where the history cannot be read. */
async function newest(run: Run, connection: Connection): Promise<string> {
  const result = await ask(run, connection, NEWEST);
  const bundle: unknown = typeof result === 'object' ? JSON.parse(result.body.toString()) : undefined;
  if (!isObject(bundle) || bundle['type'] !== 'history') throw new Error(`no history: ${JSON.stringify(bundle)}`);
  const [entry] = listOf(bundle['entry']).filter(isObject);
  const response = isObject(entry?.['response']) ? entry['response'] : {};
  return [bundle['total'], entry?.['fullUrl'], response['etag'], response['lastModified']].map(String).join(' ');
}
