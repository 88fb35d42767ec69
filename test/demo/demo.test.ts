import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordingEndingOn } from '../../demo/recording.ts';
import { play } from '../../demo/scenario.ts';
import { type Server, startServer, stopServer } from '../../demo/server.ts';
import { startSubscriber } from '../../demo/subscriber.ts';
import { type Exchange, tampering } from './tampering.ts';

const folder = mkdtempSync(join(tmpdir(), 'demo-'));
const freePort = async (): Promise<string> => {
  const probe = createSocketServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return String(port);
};
/** What the demo, the server and the token command read; jest's workers have an environment of their own. */
const environment = { NODE_OPTIONS: '', LOG_LEVEL: 'silent', DATABASE_URL: `sqlite:${folder}/novamind.db` };
const demo = (port: string) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const env = { ...process.env, ...environment, PORT: port };
    execFile(process.execPath, ['dist/demo.js', '--exit'], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

beforeAll(() => {
  execFileSync(process.execPath, ['build.mjs', '--if-changed']);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run demo -- --exit', () => {
  test('plays the whole job and ends with 0, twice on one store, and leaves no server behind', async () => {
    const port = await freePort();
    for (let run = 0; run < 2; run++) {
      const { code, out, err } = await demo(port);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out.match(/^\d+\. /gm)).toHaveLength(10);
      expect(out).toMatch(/Real: PMData.*CC BY 4\.0/);
      expect(out).toMatch(/^ {3}Simulated, seeded/m);
      expect(out).toMatch(
        /Every step produced what it says\. Patient: http:\/\/127\.0\.0\.1:\d+\/fhir\/Patient\/\S+\n$/,
      );
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    }
  }, 60_000);

  test('ends with 1 and one line where its port belongs to somebody else', async () => {
    const holder = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { code, out, err } = await demo(String((holder.address() as AddressInfo).port));
    holder.closeAllConnections();
    holder.close();
    expect([code, err.trim()]).toEqual([1, expect.stringMatching(/^The demo failed: http:\S+ is in use; set PORT/)]);
    expect(out).not.toContain('Every step');
  });
});

describe('a step that does not produce what it says fails the demo', () => {
  let server: Server;
  const before = { ...process.env };
  beforeAll(async () => {
    const port = await freePort();
    Object.assign(process.env, environment, { PORT: port, DATABASE_URL: `sqlite:${folder}/tampered.db` });
    server = await startServer(`http://127.0.0.1:${port}`);
  }, 60_000);
  afterAll(async () => {
    await stopServer(server);
    process.env = before;
  });

  const recording = recordingEndingOn(new Date().toISOString().slice(0, 10), pathToFileURL('demo/recording.json'));
  /** The steps that were told before it failed, and why it failed. */
  async function failure(tampered: Parameters<typeof tampering>[1]): Promise<{ told: number; why: string }> {
    const proxy = await tampering(server.origin, tampered);
    const subscriber = await startSubscriber();
    let told = 0;
    try {
      await play(proxy.base, { ...recording, days: recording.days.slice(-14) }, subscriber, () => void told++);
      return { told, why: 'it did not fail' };
    } catch (error) {
      return { told, why: String(error) };
    } finally {
      subscriber.close();
      proxy.stop();
    }
  }
  const answering = (path: RegExp, change: (body: Record<string, unknown>) => unknown, method = 'GET') => ({
    response: (exchange: Exchange) =>
      exchange.method === method && path.test(exchange.path) && exchange.status < 300
        ? { status: exchange.status, text: JSON.stringify(change(JSON.parse(exchange.text))) }
        : exchange,
  });
  let counted = 0;
  const figuresWith = (change: (figure: Record<string, unknown>) => unknown) =>
    answering(/twin-figure/, (page) => ({
      ...page,
      entry: (page['entry'] as { resource: Record<string, unknown> }[]).map((entry) => ({
        ...entry,
        resource: change(entry.resource),
      })),
    }));

  test.each<[string, Parameters<typeof tampering>[1], number, RegExp]>([
    [
      'a subscription that is refused',
      answering(/\/Subscription\//, (body) => ({ ...body, status: 'error', error: 'no' })),
      1,
      /the subscription was refused: no/,
    ],
    [
      'a retried bundle that is stored again',
      answering(/Observation\?subject=[^&]*&_summary=count/, (page) => ({
        ...page,
        total: Number(page['total']) + ++counted,
      })),
      2,
      /a retried bundle made something new/,
    ],
    [
      'a figure without a source',
      figuresWith(({ derivedFrom: _, ...figure }) => figure),
      5,
      /\d+ of \d+ figures cite no versioned source/,
    ],
    [
      'a figure whose source is not there',
      figuresWith((figure) => ({ ...figure, derivedFrom: [{ reference: 'Observation/none/_history/1' }] })),
      5,
      /GET Observation\/none\/_history\/1 answered 404/,
    ],
    [
      'a twin that is not made',
      { response: (e) => (e.path.endsWith('$generate-twin') ? { status: 500, text: '{}' } : e) },
      5,
      /answered 500/,
    ],
    ['a prediction without a basis', answering(/\$predict/, ({ basis: _, ...risk }) => risk, 'POST'), 6, /no basis/],
    [
      'a note that is final',
      answering(/\$draft-note/, (note) => ({ ...note, docStatus: 'final' }), 'POST'),
      7,
      /not a cited preliminary draft/,
    ],
    [
      'a patient that anybody may read',
      { response: (e) => (e.status === 401 ? { status: 200, text: '{}' } : e) },
      8,
      /not closed: 200/,
    ],
    ['accesses that leave no trace', answering(/AuditEvent/, ({ entry: _, ...page }) => page), 9, /only 0 AuditEvents/],
  ])(
    '%s',
    async (_case, tampered, steps, reason) => {
      const { told, why } = await failure(tampered);
      expect(why).toMatch(reason);
      expect(told).toBe(steps);
    },
    60_000,
  );

  test('and nothing tampered with, it does not', async () => {
    expect(await failure({})).toEqual({ told: 10, why: 'it did not fail' });
  }, 60_000);
});
