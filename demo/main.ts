import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config.ts';
import { recordingEndingOn } from './recording.ts';
import type { Told } from './account.ts';
import { play } from './scenario.ts';
import { type Server, startServer, stopServer } from './server.ts';
import { startSubscriber, type Subscriber } from './subscriber.ts';

/** `npm run demo`: the whole product at work, through its public API, in one account. `--exit` ends it after the account. */
const { values: options } = parseArgs({ options: { exit: { type: 'boolean', default: false } } });
const config = loadConfig();
const origin = `http://127.0.0.1:${config.PORT}`;
const store = config.database.kind === 'sqlite' ? 'SQLite' : 'MongoDB';

console.log(`NovaMind demo on ${store}: everything below goes through ${origin}/fhir with access tokens.\n`);
const interrupted = new Promise<void>((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});
const interruption = interrupted.then((): never => {
  throw new Error('it was interrupted');
});
interruption.catch(() => undefined);
let step = 0;
const tell = ({ title, lines }: Told): void =>
  console.log(`${++step}. ${title}\n${lines.map((line) => `   ${line}`).join('\n')}\n`);

/** The readable page of a result, as the front page links it and a browser gets it without a token. */
async function linkedPage(reference: string): Promise<string> {
  const html = { headers: { accept: 'text/html' } };
  const front = await (await fetch(origin, html)).text();
  const path = front.match(new RegExp(`/page/${reference.replace('/', '~')}~[^"]*`))?.[0];
  if (path === undefined) throw new Error(`the front page does not link ${reference}`);
  const answer = await fetch(`${origin}${path}`, html);
  if (answer.status !== 200) throw new Error(`the page of ${reference} answers ${answer.status}`);
  return `${origin}${path}`;
}

let server: Server | undefined;
let subscriber: Subscriber | undefined;
try {
  server = await startServer(origin, { interruption });
  subscriber = await startSubscriber();
  const today = new Date().toISOString().slice(0, 10);
  const recording = recordingEndingOn(today, new URL('../demo/recording.json', import.meta.url));
  const { patient, twin, note } = await Promise.race([
    play(`${origin}/fhir`, recording, subscriber, tell),
    interruption,
  ]);
  const pages = { twin: await linkedPage(twin), note: await linkedPage(note) };
  console.log(`Every step produced what it says. Patient: ${origin}/fhir/${patient}`);
  if (!options.exit) {
    console.log(
      `\nThe server keeps running; open\n   ${origin}/\n   twin  ${pages.twin}\n   note  ${pages.note}\nCtrl-C ends it.`,
    );
    await interrupted;
  }
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  subscriber?.close();
  if (server) await stopServer(server);
}
