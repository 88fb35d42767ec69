import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

let bundled: URL | undefined;

/** Where the writer thread's JavaScript is: beside the bundle; run from TypeScript (tests, development), bundled into a cache. */
export function writerSource(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./writer-thread.js', import.meta.url);
  bundled ??= bundle();
  return bundled;
}

function bundle(): URL {
  const source = fileURLToPath(new URL('./writer-thread.ts', import.meta.url));
  const options = {
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    write: false,
  };
  // In a process of its own: esbuild does not start inside jest's sandbox.
  const build =
    'process.stdout.write(require("esbuild").buildSync(JSON.parse(process.argv[1])).outputFiles[0].contents)';
  const code = execFileSync(process.execPath, ['-e', build, JSON.stringify(options)], {
    cwd: fileURLToPath(new URL('../../../', import.meta.url)),
    maxBuffer: 64 << 20,
  });
  const cache = fileURLToPath(new URL('../../../node_modules/.cache/novamind/', import.meta.url));
  const target = `${cache}writer-${createHash('sha256').update(code).digest('hex').slice(0, 16)}.mjs`;
  if (!existsSync(target)) {
    mkdirSync(cache, { recursive: true });
    // Several test processes may come here at once: a file is there whole or not at all.
    const draft = `${target}.${randomUUID()}`;
    writeFileSync(draft, code);
    renameSync(draft, target);
  }
  return pathToFileURL(target);
}
