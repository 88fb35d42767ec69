import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { VARIABLES } from '../../src/config.ts';

const root = new URL('../../', import.meta.url);
const file = (name: string): string => readFileSync(new URL(name, root), 'utf8');

interface Service {
  readonly build?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
}
const compose: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(
  file('docker-compose.yml'),
);

describe('docker-compose.yml', () => {
  const { novamind, mongo } = compose.services;
  test('runs the app on a MongoDB replica set that it waits for', () => {
    expect(novamind?.depends_on?.['mongo']?.condition).toBe('service_healthy');
    const set = /replicaSet=(\w+)/.exec(novamind?.environment?.['DATABASE_URL'] ?? '')?.[1];
    expect(mongo?.command).toEqual(expect.arrayContaining(['--replSet', set]));
  });
  test('sets only variables that the configuration reads', () => {
    expect(Object.keys(novamind?.environment ?? {}).filter((name) => !(name in VARIABLES.shape))).toEqual([]);
  });
  test('names every volume that it mounts', () => {
    const mounted = Object.values(compose.services)
      .flatMap((service) => service.volumes ?? [])
      .map((volume) => volume.split(':')[0]);
    expect(mounted.filter((name) => name !== undefined && !(name in compose.volumes))).toEqual([]);
  });
});

describe('Dockerfile', () => {
  const lines = file('Dockerfile')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  test('has a build stage and a smaller run stage that starts what npm start starts', () => {
    expect(lines.filter((line) => line.startsWith('FROM '))).toHaveLength(2);
    const flags = ['--max-semi-space-size=16', '--heap-growing-percent=50'];
    expect(lines.at(-1)).toBe(`CMD [${['node', ...flags, 'dist/main.js'].map((word) => `"${word}"`).join(', ')}]`);
    expect(JSON.parse(file('package.json')).scripts.start).toContain(`${flags.join(' ')} dist/main.js`);
  });
  test('copies only what there is', () => {
    const sources = lines
      .filter((line) => line.startsWith('COPY '))
      .flatMap((line) => line.split(/\s+/).slice(1, -1))
      .filter((word) => !word.startsWith('--') && !word.startsWith('/app'));
    expect(sources.filter((source) => !existsSync(new URL(source, root)))).toEqual([]);
  });
  test('runs as an ordinary user', () => {
    expect(lines).toContain('USER node');
  });
});
