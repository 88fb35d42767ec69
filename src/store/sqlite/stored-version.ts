import { instantText } from '../../fhir/period.ts';
import type { StoredVersion } from '../store.ts';
import { unseal } from '../encryption/sealing.ts';
import type { Vault } from '../encryption/vault.ts';
import { bytes, type Connection, integer, type Row, string } from './connection.ts';
import type { NameTable } from './name-table.ts';
import type { OpenedVersions } from './opened-versions.ts';

/** What versions are read and opened with. */
export interface Opening {
  readonly connection: Connection;
  readonly vault: Vault;
  readonly names: NameTable;
  readonly opened: OpenedVersions;
}

const COLUMNS = 'v.seq, v.type, v.id, v.version, v.tx, v.at, v.method, v.data_key, v.body';
const ONE = `SELECT ${COLUMNS} FROM version v WHERE v.seq = ?`;
const MANY = `SELECT ${COLUMNS} FROM json_each(?) j CROSS JOIN version v ON v.seq = j.value`;

/** The version of that seq. */
export function versionAt(opening: Opening, seq: number): StoredVersion | undefined {
  const known = opening.opened.get(seq);
  if (known) return known;
  const row = opening.connection.get(ONE, [seq]);
  return row && open(opening, row);
}

// What reads more at once goes through the store as an export does: it would push out what is asked for again.
const MOST_KEPT = 200;

/** The versions of these seqs in their order. */
export function versionsAt(opening: Opening, seqs: readonly number[]): StoredVersion[] {
  if (seqs.length > MOST_KEPT)
    return opening.connection.all(MANY, [JSON.stringify(seqs)]).map((row) => opened(opening, row));
  const versions: StoredVersion[] = [];
  for (const seq of seqs) {
    const known = opening.opened.get(seq);
    if (!known) break;
    versions.push(known);
  }
  return versions.length === seqs.length ? versions : withUnopened(opening, seqs);
}

function withUnopened(opening: Opening, seqs: readonly number[]): StoredVersion[] {
  const found = new Map<number, StoredVersion>();
  const missing: number[] = [];
  for (const seq of seqs) {
    const known = opening.opened.get(seq);
    if (known) found.set(seq, known);
    else missing.push(seq);
  }
  for (const row of opening.connection.all(MANY, [JSON.stringify(missing)]))
    found.set(integer(row, 0), open(opening, row));
  return seqs.flatMap((seq) => found.get(seq) ?? []);
}

/** Opened, and kept for those who ask again. */
function open(opening: Opening, row: Row): StoredVersion {
  const version = opened(opening, row);
  return version.deleted ? version : opening.opened.keep(integer(row, 0), version);
}

function opened(opening: Opening, row: Row): StoredVersion {
  const type = opening.names.typeOf(integer(row, 1));
  const id = string(row, 2);
  const method = string(row, 6) as StoredVersion['method'];
  const key = opening.vault.openingKey(integer(row, 7));
  // The key table of SQLite answers at once.
  if ('then' in key) throw new Error('a data key is still being loaded');
  const version = integer(row, 3);
  const lastUpdated = integer(row, 5);
  const deleted = method === 'DELETE';
  const body = deleted
    ? Buffer.alloc(0)
    : spliced(type, id, version, lastUpdated, unseal(key.secret, `${type}/${id}`, bytes(row, 8)));
  return { type, id, version, lastUpdated, transaction: integer(row, 4), method, patient: key.patient, deleted, body };
}

/** Sealed bodies leave out what the commit decides; it goes in right after `"meta":{`. */
export function spliced(type: string, id: string, version: number, lastUpdated: number, body: Buffer): Buffer {
  const at = '{"resourceType":"","id":"","meta":{'.length + type.length + id.length;
  if (body[at - 1] !== 0x7b) throw new Error(`the stored body of ${type}/${id} does not begin as bodies do`);
  const comma = body[at] === 0x7d ? '' : ',';
  const inserted = `"versionId":"${version}","lastUpdated":"${instantText(lastUpdated)}"${comma}`;
  const whole = Buffer.allocUnsafe(body.length + inserted.length);
  body.copy(whole, 0, 0, at);
  whole.write(inserted, at, 'latin1');
  body.copy(whole, at + inserted.length, at);
  return whole;
}
