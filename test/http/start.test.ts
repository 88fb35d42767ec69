import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const folder = mkdtempSync(join(tmpdir(), 'start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = (more: Readonly<Record<string, string>>) => ({
  ...process.env,
  NODE_OPTIONS: '',
  DATABASE_URL: `sqlite:${folder}/novamind.db`,
  ...more,
});
const npm = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile('npm', [...args], { env: environment(more) }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

beforeAll(async () => {
  expect((await npm(['run', 'build'])).err).toBe('');
});

describe('npm start -- --check', () => {
  test('prints the settings with secrets masked', async () => {
    const { code, out, err } = await npm(['--silent', 'start', '--', '--check'], { OPENAI_API_KEY: 'sk-secret' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('OPENAI_API_KEY=********');
    expect(out).not.toContain('sk-secret');
  });

  test.each([
    ['a wrong value', { PORT: 'x' }, /^novamind: PORT .*\n$/],
    [
      'insecure production',
      { ENVIRONMENT: 'production' },
      /^novamind: .*JWT_SECRET_KEY.*MASTER_KEY.*TLS_TERMINATED_BY_PROXY.*\n$/,
    ],
  ])('%s is refused in one line', async (_case, more, line) => {
    const { code, err } = await npm(['--silent', 'start', '--', '--check'], more as Record<string, string>);
    expect(code).toBe(1);
    expect(err).toMatch(line);
  });
});

describe('npm start', () => {
  let server: ChildProcess;
  let port: number;
  const exited = () => new Promise<number | null>((resolve) => server.once('exit', resolve));
  const started = async () => {
    port = await freePort();
    server = spawn('npm', ['--silent', 'start'], {
      env: environment({ PORT: String(port), LOG_LEVEL: 'silent' }),
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return new Promise<string>((resolve) => server.stdout?.once('data', (line: Buffer) => resolve(String(line))));
  };
  const signal = (name: NodeJS.Signals) => process.kill(-(server.pid ?? 0), name);
  afterAll(() => {
    if (server.exitCode === null && server.signalCode === null) signal('SIGKILL');
  });

  test('says in one line where it serves, and finishes a write in flight when its process group is told to stop', async () => {
    expect(await started()).toBe(`NovaMind serves http://127.0.0.1:${port}/fhir (sqlite, development)\n`);
    const token = (await npm(['run', '--silent', 'token', '--', '--scope', 'system/*.cruds'])).out.trim();
    const gone = exited();
    const answer = await new Promise<string>((resolve) => {
      const chunks: Buffer[] = [];
      const body = '{"resourceType":"Patient"}';
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(
          `POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/fhir+json\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
        );
      });
      socket.on('data', (chunk) => {
        // The server has taken the request up once it says Continue.
        if (chunks.length === 0) {
          signal('SIGTERM');
          socket.write(body);
        }
        chunks.push(chunk);
      });
      socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    });
    expect(answer).toMatch(/HTTP\/1\.1 201 Created/);
    expect(await gone).toBe(0);
  });

  test.each([
    ['a store that another master key sealed', { MASTER_KEY: '0f'.repeat(32) }, /^novamind: .*MASTER_KEY.*\n$/],
    ['a file that is no database', { DATABASE_URL: `sqlite:${folder}/garbage.db` }, /^novamind: DATABASE_URL.*\n$/],
    [
      'a model that is not there',
      { XGBOOST_OUTCOME_PREDICTION_MODEL_PATH: '/none' },
      /^novamind: XGBOOST_OUTCOME_PREDICTION_MODEL_PATH.*\n$/,
    ],
  ])('%s is refused in one line that names the setting', async (_case, more, line) => {
    writeFileSync(`${folder}/garbage.db`, 'no database '.repeat(1000));
    const { code, err } = await npm(['--silent', 'start'], { PORT: String(await freePort()), ...more } as Record<
      string,
      string
    >);
    expect(code).toBe(1);
    expect(err).toMatch(line);
  });

  test.each([
    ['HOST', '999.1.1.1'],
    ['DATABASE_URL', 'sqlite:/dev/null/n.db'],
    ['DATABASE_URL', 'mongodb://u:p@ss@127.0.0.1:1/c'],
    ['DATABASE_URL', 'mongodb://127.0.0.1:1/c?serverSelectionTimeoutMS=100'],
  ])('%s=%s is refused in one line that names the variable', async (variable, value) => {
    const { code, err } = await npm(['--silent', 'start'], { PORT: '0', LOG_LEVEL: 'silent', [variable]: value });
    expect(code).toBe(1);
    expect(err).toMatch(new RegExp(`^novamind: ${variable}: .*\\n$`));
  });

  test('a port in use is refused in one line', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const address = holder.address();
    const taken = typeof address === 'object' && address ? String(address.port) : '';
    const { code, err } = await npm(['--silent', 'start'], { PORT: taken, LOG_LEVEL: 'silent' });
    holder.close();
    expect(code).toBe(1);
    expect(err).toMatch(/^novamind: PORT: .*EADDRINUSE.*\n$/);
  });
});
