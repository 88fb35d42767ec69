import { randomUUID } from 'node:crypto';

/**
 * Where this run of a test keeps its data: a file in the folder, or, in the run of the same tests on MongoDB, a database
 * of its own in the replica set that test/mongod/global-setup.mjs started.
 */
export function databaseUrl(folder: string): string {
  if (!('STORE_UNDER_TEST' in globalThis)) return `sqlite:${folder}/novamind.db`;
  const url = new URL(process.env['TEST_MONGODB_URL'] ?? 'mongodb://no-replica-set');
  url.pathname = `/t-${randomUUID()}`;
  return url.href;
}
