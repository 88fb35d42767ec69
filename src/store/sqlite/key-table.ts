import type { WrappedKey } from '../encryption/data-key.ts';
import type { KeyTable } from '../encryption/vault.ts';
import { bytes, type Connection, integer, type Row, string } from './connection.ts';
import type { KeyRow } from './messages.ts';

const COLUMNS = 'id, patient, master, wrapped, created';

const wrappedKey = (row: Row): WrappedKey => ({
  id: integer(row, 0),
  patient: row[1] === null ? null : string(row, 1),
  master: string(row, 2),
  wrapped: bytes(row, 3),
  created: integer(row, 4),
});

/** The wrapped data keys of a SQLite database. */
export function keyTable(connection: Connection): KeyTable {
  const one = (row: Row | undefined) => (row ? wrappedKey(row) : undefined);
  return {
    byId: (id) => one(connection.get(`SELECT ${COLUMNS} FROM data_key WHERE id = ?`, [id])),
    newestOf: (patient) =>
      one(
        connection.get(`SELECT ${COLUMNS} FROM data_key WHERE patient IS ? ORDER BY created DESC, id LIMIT 1`, [
          patient,
        ]),
      ),
    all: () => connection.all(`SELECT ${COLUMNS} FROM data_key ORDER BY id`).map(wrappedKey),
  };
}

/** The key as it travels to the writer. */
export const keyRow = (key: WrappedKey): KeyRow => [
  key.id,
  key.patient,
  key.master,
  key.wrapped.toString('base64'),
  key.created,
];
