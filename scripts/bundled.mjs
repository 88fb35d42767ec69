// Imports a TypeScript module where Node runs none (20): bundled first, its packages left outside.
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string} source path below the repository's root */
export async function importBundled(source) {
  // Inside node_modules, so that the bundle finds the packages it leaves out.
  const folder = join(root, 'node_modules', '.cache', 'novamind');
  const outfile = join(folder, `${basename(source, '.ts')}.${process.pid}.mjs`);
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(root, source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile).href);
}
