import { join } from 'node:path';
import type { Store } from '../../src/store/store.ts';
import { databaseUrl } from './database-url.ts';

/** An empty store for a test, the embedded one or, in the run on MongoDB, that one. */
export async function openTestStore(folder: string, masterKey: Buffer, now: () => number = Date.now): Promise<Store> {
  const url = databaseUrl(folder);
  if (url.startsWith('mongodb:')) {
    const { openMongoStore } = await import('../../src/store/mongo/mongo-store.ts');
    return openMongoStore({ url, masterKey, now });
  }
  const { openSqliteStore } = await import('../../src/store/sqlite/sqlite-store.ts');
  return openSqliteStore({ file: join(folder, 'novamind.db'), masterKey, now });
}
