import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { loadConfig } from '../../src/config.ts';
import { loadKeys } from '../../src/keys.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const config = (more = {}) => loadConfig({ DATABASE_URL: `sqlite:${folder}/data/novamind.db`, ...more });

describe('keys', () => {
  test('generated keys outlive a restart and are readable by their owner only', () => {
    const first = loadKeys(config());
    const second = loadKeys(config());
    expect(second).toEqual(first);
    expect(first.master).toHaveLength(32);
    const files = readdirSync(join(folder, 'data'));
    expect(files.sort()).toEqual(['jwt-secret.key', 'master.key']);
    for (const file of files) expect(statSync(join(folder, 'data', file)).mode & 0o777).toBe(0o600);
  });

  test('processes that start at once on an empty folder end with the same key', async () => {
    const keys = join(process.cwd(), 'src/keys.ts');
    const source = `import { keptKey } from ${JSON.stringify(keys)}; console.log(keptKey(process.argv[2], 'race.key'))`;
    const bundled = join(folder, 'race.mjs');
    await build({
      stdin: { contents: source, resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outfile: bundled,
    });
    // Packages are looked up from the script's folder.
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    const run = promisify(execFile);
    const results = await Promise.all([1, 2, 3, 4].map(() => run(process.execPath, [bundled, join(folder, 'raced')])));
    expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(1);
    expect(readdirSync(join(folder, 'raced'))).toEqual(['race.key']);
  });

  test('configured keys leave no file behind', () => {
    loadKeys(config({ JWT_SECRET_KEY: 'k'.repeat(40), MASTER_KEY: '0f'.repeat(32) }));
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a master key can be kept in a file, and a bad one is named', () => {
    const file = join(folder, 'master');
    writeFileSync(file, `${Buffer.alloc(32, 7).toString('base64')}\n`);
    expect(loadKeys(config({ MASTER_KEY_FILE: file })).master).toEqual(Buffer.alloc(32, 7));
    writeFileSync(file, 'short');
    expect(() => loadKeys(config({ MASTER_KEY_FILE: file }))).toThrow(/MASTER_KEY_FILE/);
    expect(() => loadKeys(config({ MASTER_KEY_FILE: join(folder, 'none') }))).toThrow(/MASTER_KEY_FILE cannot be read/);
  });

  test('an emptied key file signs no tokens: the start is refused by its name', () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'jwt-secret.key'), '\n');
    expect(() => loadKeys(config())).toThrow(/jwt-secret\.key must hold at least 32 characters/);
  });

  test('a key file that others could read is its owner’s alone again', () => {
    loadKeys(config());
    const file = join(folder, 'data', 'master.key');
    chmodSync(file, 0o644);
    loadKeys(config());
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
