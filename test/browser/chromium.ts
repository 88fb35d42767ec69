import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Chromium to test pages in, the way to get one, or why there is none. */
export type Chromium =
  | { readonly kind: 'binary'; readonly path: string }
  /** CI as root on Debian: the package can be installed. */
  | { readonly kind: 'installable' }
  | { readonly kind: 'none'; readonly reason: string };

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The browser that CHROMIUM_PATH names, else the first on the PATH. `CHROMIUM_PATH=none` pretends that there is none. */
export async function locateChromium(): Promise<Chromium> {
  const named = process.env['CHROMIUM_PATH'];
  if (named === 'none') return { kind: 'none', reason: 'CHROMIUM_PATH=none' };
  if (named) {
    return (await isExecutable(named))
      ? { kind: 'binary', path: named }
      : { kind: 'none', reason: `${named} is no program` };
  }
  const installed = await onPath(NAMES);
  if (installed !== undefined) return { kind: 'binary', path: installed };
  const canInstall = process.env['CI'] && process.getuid?.() === 0 && (await onPath(['apt-get'])) !== undefined;
  return canInstall
    ? { kind: 'installable' }
    : { kind: 'none', reason: 'not on the PATH; apt-get install chromium, or set CHROMIUM_PATH' };
}

/** Installs Debian's package. Rejects where that fails or brings no browser. */
export async function installChromium(): Promise<string> {
  const environment = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 100_000_000 };
  await run('apt-get', ['update', '-qq'], environment);
  await run(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
    environment,
  );
  const path = await onPath(NAMES);
  if (path === undefined) throw new Error('apt-get install chromium brought no browser');
  return path;
}

/** One line that says which browser was chosen. */
export const describeChromium = (found: Chromium): string => {
  switch (found.kind) {
    case 'binary':
      return `chromium: ${found.path}`;
    case 'installable':
      return "chromium: Debian's package, installed for this run";
    case 'none':
      return `chromium: none (${found.reason}); the pages are not tested in a browser`;
    default:
      return found satisfies never;
  }
};

async function onPath(names: readonly string[]): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const path of names.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
