// Bundles src/ into dist/ with esbuild: one file an entry point, packages left outside. `--if-changed` does nothing
// where neither a source nor the lock file is newer than the last build. Files are renamed into place, so that a
// process which starts meanwhile never sees half of one.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const stampFile = join(dist, '.built');

/** Entry points: name in dist → source. Worker threads are started from the file beside main.js. */
const ENTRIES = {
  main: 'src/main.ts',
  token: 'src/token.ts',
  'writer-thread': 'src/store/sqlite/writer-thread.ts',
  demo: 'demo/main.ts',
  bench: 'bench/main.ts',
  fuzz: 'bench/fuzz.ts',
};
/** Folders that the program reads at run time → where dist has them. */
const ASSETS = { 'src/conformance/generated': 'generated' };

function* filesUnder(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

/** Names, sizes and times of all that a build reads: cheap to take and different after any edit. */
function stamp() {
  const hash = createHash('sha256').update(process.version);
  const files = [
    ...filesUnder(join(root, 'src')),
    ...filesUnder(join(root, 'operations')),
    ...filesUnder(join(root, 'demo')),
    ...filesUnder(join(root, 'bench')),
    join(root, 'build.mjs'),
    join(root, 'package.json'),
  ];
  for (const file of files.sort()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

const now = stamp();
const upToDate = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === now;
if (!process.argv.includes('--if-changed') || !upToDate) await build();

async function build() {
  const { build: esbuild } = await import('esbuild');
  const part = join(root, `dist.${process.pid}.part`);
  try {
    await esbuild({
      entryPoints: Object.entries(ENTRIES)
        .filter(([, source]) => existsSync(join(root, source)))
        .map(([out, source]) => ({ in: join(root, source), out })),
      outdir: part,
      bundle: true,
      platform: 'node',
      format: 'esm',
      // Lazily imported parts stay lazy: the driver of the store that is not used is never loaded.
      splitting: true,
      target: 'node20',
      packages: 'external',
      sourcemap: 'linked',
      logLevel: 'warning',
    });
    for (const [source, target] of Object.entries(ASSETS)) {
      if (existsSync(join(root, source)))
        cpSync(join(root, source), join(part, target), { recursive: true, filter: (file) => !file.endsWith('.ts') });
    }
    const made = new Set();
    for (const file of filesUnder(part)) {
      const target = join(dist, relative(part, file));
      made.add(target);
      mkdirSync(dirname(target), { recursive: true });
      renameSync(file, target);
    }
    for (const file of filesUnder(dist))
      if (!made.has(file) && !file.startsWith(stampFile)) rmSync(file, { force: true });
    writeFileSync(`${stampFile}.${process.pid}`, now);
    renameSync(`${stampFile}.${process.pid}`, stampFile);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}
