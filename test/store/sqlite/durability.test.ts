import { spawn } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Connection } from '../../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { committed, draft, json, key, put, query } from '../contract/made.ts';

const masterKey = Buffer.alloc(32, 7);
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A process that commits bundles of ten without end and prints each one's number when it is acknowledged. */
const WRITER = `
import { openSqliteStore } from '${root}src/store/sqlite/sqlite-store.ts';
const store = await openSqliteStore({ file: process.argv[2], masterKey: Buffer.alloc(32, 7) });
const put = (id) => ({ kind: 'put', method: 'PUT', expect: { kind: 'any' }, draft: { type: 'Observation', id, patient: 'p' + id,
  body: Buffer.from(JSON.stringify({ resourceType: 'Observation', id, meta: {}, pad: 'x'.repeat(2000) })), values: [{ kind: 'token', param: 'code', system: null, code: 'b' + id.split('-')[0] }], indexed: 'v' } });
let next = 0;
const worker = async () => {
  for (;;) {
    const n = next++;
    await store.commit({ changes: Array.from({ length: 10 }, (_, i) => put(n + '-' + i)) });
    process.stdout.write(n + '\\n');
  }
};
await Promise.all(Array.from({ length: 8 }, worker));
`;

describe('a SQLite store', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'novamind-durability-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('killed with -9 while writing has every acknowledged bundle, and none by half', async () => {
    const file = join(folder, 'n.db');
    // Beside the cache of the writer thread, where both bundles find the packages.
    const out = join(root, 'node_modules/.cache/novamind', `kill-${process.pid}`);
    const source = join(folder, 'writer.mjs');
    writeFileSync(source, WRITER);
    const build = 'require("esbuild").buildSync(JSON.parse(process.argv[1]))';
    const shared = { bundle: true, platform: 'node', format: 'esm', packages: 'external', outdir: out };
    for (const entry of [source, join(root, 'src/store/sqlite/writer-thread.ts')])
      execFileSync(process.execPath, ['-e', build, JSON.stringify({ ...shared, entryPoints: [entry] })], { cwd: root });
    const child = spawn(process.execPath, [join(out, 'writer.js'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    await new Promise<void>((resolve) => {
      child.on('exit', () => resolve());
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.split('\n').length > 40) child.kill('SIGKILL');
      });
    });
    rmSync(out, { recursive: true, force: true });
    const acknowledged = printed.split('\n').slice(0, -1);
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);

    const store = await openSqliteStore({ file, masterKey });
    const total = await store.count(['Observation'], { kind: 'all' });
    expect(total % 10).toBe(0);
    expect(total).toBeGreaterThanOrEqual(acknowledged.length * 10);
    for (const n of acknowledged) {
      const { matches } = await store.search(
        query('Observation', { kind: 'token', param: 'code', match: { by: 'code', code: `b${n}` } }),
      );
      expect(matches).toHaveLength(10);
      expect(json(matches[0])).toMatchObject({ resourceType: 'Observation' });
    }
    expect(await store.changes(0, 1_000_000)).toHaveLength(total);
    await store.close();
  });

  test('refuses another master key', async () => {
    const file = join(folder, 'n.db');
    await (await openSqliteStore({ file, masterKey })).close();
    await expect(openSqliteStore({ file, masterKey: Buffer.alloc(32, 8) })).rejects.toThrow('master key');
  });

  test('refuses a database of a newer schema', async () => {
    const file = join(folder, 'n.db');
    await (await openSqliteStore({ file, masterKey })).close();
    const connection = new Connection(file);
    connection.run('INSERT INTO migration VALUES (?, ?)', [999, 0]);
    connection.close();
    await expect(openSqliteStore({ file, masterKey })).rejects.toThrow('newer');
  });

  test('tells of an audit block that was changed behind its back, among the reads or among the changes', async () => {
    const file = join(folder, 'n.db');
    const store = await openSqliteStore({ file, masterKey });
    const record = (at: number) => ({ at, text: 'x', terms: [] });
    for (let n = 0; n < 3; n++) {
      await store.audit.append(record(n));
      await committed(store, [put(draft('Patient', `p${n}`))], { audit: [record(n)] });
    }
    expect(await store.audit.verify()).toEqual({ records: 6 });
    for (const [of, letter] of [
      [`${file}-reads`, 'r'],
      [file, 'a'],
    ] as const) {
      const thief = new Connection(of);
      thief.run('UPDATE audit_block SET high = high + 1 WHERE block = 2');
      expect(await store.audit.verify()).toMatchObject({ broken: `${letter}2` });
      thief.run('UPDATE audit_block SET high = high - 1 WHERE block = 2');
      expect(await store.audit.verify()).toEqual({ records: 6 });
      thief.close();
    }
    const thief = new Connection(`${file}-reads`);
    thief.run('DELETE FROM audit_block WHERE block = 3');
    expect(await store.audit.verify()).toMatchObject({ broken: 'r3' });
    thief.close();
    await store.close();
  });

  test('rejects writes after it was closed', async () => {
    const store = await openSqliteStore({ file: join(folder, 'n.db'), masterKey });
    await committed(store, [put(draft('Patient', 'a'))]);
    await store.close();
    await expect(store.commit({ changes: [put(draft('Patient', 'b'))] })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    await expect(store.ready()).rejects.toThrow('closed');
    expect(key('Patient', 'a').type).toBe('Patient');
  });
});
