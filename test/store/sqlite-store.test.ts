import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { storeContract } from './store-contract.ts';

const masterKey = createHash('sha256').update('test').digest();

storeContract('sqlite', async ({ place = mkdtempSync(join(tmpdir(), 'novamind-sqlite-')), now }) => {
  const file = join(place, 'novamind.db');
  const store = await openSqliteStore({ file, masterKey, ...(now && { now }) });
  return {
    store,
    place,
    rawBytes: async () => Buffer.concat([file, `${file}-wal`].filter(existsSync).map((path) => readFileSync(path))),
    remove: async () => {
      await store.close();
      rmSync(place, { recursive: true, force: true });
    },
  };
});
