import { type Config, ConfigError } from './config.ts';
import type { Keys } from './keys.ts';
import type { Store } from './store/store.ts';

/** Opens the store that DATABASE_URL names; the driver of the other one is not even loaded. */
export async function openStore(config: Config, keys: Keys): Promise<Store> {
  const { database } = config;
  switch (database.kind) {
    case 'sqlite': {
      const { openSqliteStore } = await import('./store/sqlite/sqlite-store.ts');
      try {
        return await openSqliteStore({ file: database.file, masterKey: keys.master, now: Date.now });
      } catch (cause) {
        throw asConfigError(cause, database.file);
      }
    }
    case 'mongo': {
      const { openMongoStore } = await import('./store/mongo/mongo-store.ts');
      try {
        return await openMongoStore({
          url: database.url,
          masterKey: keys.master,
          now: Date.now,
          allowStandalone: config.MONGODB_ALLOW_STANDALONE,
        });
      } catch (cause) {
        throw cause instanceof Error ? new ConfigError(`DATABASE_URL: ${cause.message}`, { cause }) : cause;
      }
    }
    default:
      return database satisfies never;
  }
}

/** A file that SQLite cannot use is a wrong setting, told in one line. */
const asConfigError = (cause: unknown, file: string): unknown =>
  cause instanceof Error && 'code' in cause && /^(?:ERR_SQLITE_ERROR|E[A-Z]+)$/.test(String(cause.code))
    ? new ConfigError(`DATABASE_URL: ${file} cannot be used: ${cause.message}`, { cause })
    : cause;
