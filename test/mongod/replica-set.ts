import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';

const { MongoClient } = mongoose.mongo;

export interface Member {
  readonly port: number;
  readonly folder: string;
  process: ChildProcess;
}

/** A replica set of local processes that a test may kill. */
export interface ReplicaSet {
  readonly members: readonly Member[];
  /** The DATABASE_URL of one database in it. */
  url(database: string): string;
  /** The member that is primary now. */
  primary(): Promise<Member>;
  /** kill -9, and waits until the process is gone. */
  kill(member: Member): Promise<void>;
  /** Starts a killed member again on its old data. */
  restart(member: Member): Promise<void>;
  /** Stops all members and removes their data. */
  stop(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function start(binary: string, folder: string, port: number, replSet: string | undefined): ChildProcess {
  const options = ['--dbpath', join(folder, 'data'), '--logpath', join(folder, 'log'), '--port', String(port)];
  options.push('--bind_ip', '127.0.0.1', '--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '128');
  options.push('--setParameter', 'diagnosticDataCollectionEnabled=false');
  if (replSet) options.push('--replSet', replSet);
  const child = spawn(binary, options, { stdio: 'ignore' });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

const ended = (child: ChildProcess, signal: NodeJS.Signals): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });

async function reachable(member: Member): Promise<void> {
  const address = `mongodb://127.0.0.1:${member.port}/?directConnection=true&serverSelectionTimeoutMS=20000`;
  const gone = new Promise<never>((_, reject) =>
    member.process.once('exit', () =>
      readFile(join(member.folder, 'log'), 'utf8').then(
        (log) => reject(new Error(`mongod ended: ${log.split('\n').slice(-5).join('\n')}`)),
        reject,
      ),
    ),
  );
  const client = new MongoClient(address);
  try {
    await Promise.race([client.db('admin').command({ ping: 1 }), gone]);
  } finally {
    await client.close();
  }
}

/** Starts `count` members; resolves when there is a primary that takes majority writes. `count` 0: a standalone mongod. */
export async function startReplicaSet(binary: string, count: number): Promise<ReplicaSet> {
  const root = await mkdtemp(join(tmpdir(), 'novamind-rs-'));
  const name = count === 0 ? undefined : 'novamind';
  const members: Member[] = [];
  for (let i = 0; i < Math.max(count, 1); i++) {
    const folder = join(root, String(i));
    const port = await freePort();
    await mkdir(join(folder, 'data'), { recursive: true });
    members.push({ port, folder, process: start(binary, folder, port, name) });
  }
  await Promise.all(members.map(reachable));
  const hosts = members.map((m) => `127.0.0.1:${m.port}`);
  const query = name ? `?replicaSet=${name}` : '';
  const set: ReplicaSet = {
    members,
    url: (database) => `mongodb://${hosts.join(',')}/${database}${query}`,
    async primary() {
      const client = new MongoClient(set.url('admin'), { serverSelectionTimeoutMS: 20_000 });
      try {
        const hello = await client.db('admin').command({ hello: 1 });
        const found = members.find((m) => hello['me'] === `127.0.0.1:${m.port}`);
        if (!found) throw new Error(`no member is ${String(hello['me'])}`);
        return found;
      } finally {
        await client.close();
      }
    },
    kill: (member) => ended(member.process, 'SIGKILL'),
    async restart(member) {
      member.process = start(binary, member.folder, member.port, name);
      await reachable(member);
    },
    async stop() {
      await Promise.all(members.map((m) => ended(m.process, 'SIGKILL')));
      await rm(root, { recursive: true, force: true });
    },
  };
  if (name) await initiate(hosts, name, set.url('admin'));
  return set;
}

async function initiate(hosts: readonly string[], name: string, url: string): Promise<void> {
  const first = new MongoClient(`mongodb://${hosts[0]}/?directConnection=true`);
  try {
    const members = hosts.map((host, _id) => ({ _id, host }));
    const settings = { electionTimeoutMillis: 2000, heartbeatIntervalMillis: 500 };
    await first.db('admin').command({ replSetInitiate: { _id: name, members, settings } });
  } finally {
    await first.close();
  }
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 30_000 });
  try {
    await client
      .db('novamind_start')
      .collection('probe')
      .insertOne({}, { writeConcern: { w: 'majority' } });
    await client.db('novamind_start').dropDatabase();
  } finally {
    await client.close();
  }
}
