import { hkdfSync, randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError } from './config.ts';

/** The secrets of one installation. */
export interface Keys {
  /** Signs access tokens (HS256). */
  readonly jwt: Buffer;
  /** Wraps the data keys; 32 bytes. */
  readonly master: Buffer;
  /** Signs paging cursors; 32 bytes, the same in every process that has the same JWT secret. */
  readonly cursor: Buffer;
  /** Signs the short-lived links to readable pages; 32 bytes. */
  readonly page: Buffer;
}

/** The keys that are configured, else those kept in the data directory, generated on first use with mode 0600. */
export function loadKeys(config: Config): Keys {
  const jwt = loadJwtKey(config);
  return { jwt, master: masterKey(config), cursor: derived(jwt, 'cursor'), page: derived(jwt, 'page') };
}

/** The token-signing key alone, for the token command. Throws ConfigError where the kept one is too short to sign with. */
export function loadJwtKey(config: Config): Buffer {
  if (config.JWT_SECRET_KEY !== undefined) return Buffer.from(config.JWT_SECRET_KEY);
  const name = 'jwt-secret.key';
  const kept = keptKey(config.dataDirectory, name);
  // An emptied file would sign with a key that everybody knows.
  if (kept.length >= 32) return Buffer.from(kept);
  throw new ConfigError(`the key file ${join(config.dataDirectory, name)} must hold at least 32 characters`);
}

function masterKey(config: Config): Buffer {
  if (config.MASTER_KEY !== undefined) return keyBytes(config.MASTER_KEY, 'MASTER_KEY');
  if (config.MASTER_KEY_FILE === undefined) return keyBytes(keptKey(config.dataDirectory, 'master.key'), 'master.key');
  try {
    return keyBytes(readFileSync(config.MASTER_KEY_FILE, 'utf8').trim(), 'MASTER_KEY_FILE');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`MASTER_KEY_FILE cannot be read: ${config.MASTER_KEY_FILE}`, { cause: error });
  }
}

function keyBytes(text: string, name: string): Buffer {
  const bytes = /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (bytes.length !== 32) throw new ConfigError(`${name} must hold 32 bytes in hex or base64`);
  return bytes;
}

const derived = (key: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `novamind ${purpose}`, 32));

/** The text of a key file, made on first use. Of two processes that race, both end with the same key. */
export function keptKey(directory: string, name: string): string {
  const file = join(directory, name);
  const kept = readIfThere(file);
  if (kept !== undefined) return kept;
  mkdirSync(directory, { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, randomBytes(32).toString('base64'));
    fsyncSync(descriptor);
    chmodSync(draft, 0o600);
    // link() is what decides the race: it fails where the name exists, and the name never shows a half-written key.
    linkSync(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    closeSync(descriptor);
    unlinkSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}

/** A key that was copied with wider rights is its owner's alone again. */
function readIfThere(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    return text;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw new ConfigError(`DATABASE_URL: the key file ${file}, kept in the data folder, cannot be read`, {
      cause: error,
    });
  }
}

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
