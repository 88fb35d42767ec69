import { CellReader } from '../cells.ts';
import type { Connection, Value } from '../connection.ts';
import type { Kept } from '../kept.ts';
import type { IndexRows } from '../messages.ts';
import { ROW_LAYOUT, ROW_TABLES, type RowTableName } from '../row-layout.ts';
import { TIMELINE_WIDTH } from '../timeline.ts';
import { deleteText, insertText } from './text-tables.ts';

// Tables that go by seq number their rows within a version; those that go by value need not.
const INSERTS: Readonly<Record<RowTableName, { readonly numbered: boolean; readonly text: string }>> = {
  token: {
    numbered: false,
    text: 'INSERT INTO token (seq, param, code, system, text, grp) VALUES (?, ?, ?, ?, ?, ?)',
  },
  reference: {
    numbered: false,
    text: 'INSERT INTO reference (seq, param, target, version, grp) VALUES (?, ?, ?, ?, ?)',
  },
  date: { numbered: true, text: 'INSERT INTO date VALUES (?, ?, ?, ?, ?, ?)' },
  number: { numbered: true, text: 'INSERT INTO number VALUES (?, ?, ?, ?, ?, ?, ?)' },
  quantity: {
    numbered: true,
    text: `INSERT INTO quantity (seq, n, param, value, low, high, coded, code, unit,
      canonical, canonical_value, canonical_low, canonical_high, system, grp) VALUES (?${', ?'.repeat(14)})`,
  },
  string: { numbered: true, text: 'INSERT INTO string VALUES (?, ?, ?, ?, ?, ?)' },
  uri: { numbered: true, text: 'INSERT INTO uri VALUES (?, ?, ?, ?, ?)' },
};

/** Makes a version searchable. */
export function insertRows(connection: Connection, seq: number, type: number, rows: IndexRows): void {
  const from = new CellReader(rows.cells);
  for (const table of ROW_TABLES) insertTable(connection, seq, table, from);
  for (let rest = from.number(); rest > 0; rest--) {
    const row: Value[] = [type, seq];
    for (let n = 0; n < TIMELINE_WIDTH; n++) {
      const cell = from.number();
      row.push(Number.isNaN(cell) ? null : cell);
    }
    connection.run(
      'INSERT INTO timeline (type, seq, patient, code, high, low, facts, system) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      row,
    );
  }
  for (let rest = from.number(); rest > 0; rest--) insertText(connection, seq, from.number(), from.text());
  for (let rest = from.number(); rest > 0; rest--)
    connection.run('INSERT OR IGNORE INTO display VALUES (?, ?, ?)', [from.number(), from.number(), from.text()]);
}

function insertTable(connection: Connection, seq: number, table: RowTableName, from: CellReader): void {
  const { numbered, text } = INSERTS[table];
  const { width, texts } = ROW_LAYOUT[table];
  const rows = from.number();
  for (let n = 0; n < rows; n++) {
    const row: Value[] = numbered ? [seq, n, from.number()] : [seq, from.number()];
    for (let column = 0; column < width; column++) row.push(texts.includes(column) ? from.text() : from.number());
    row.push(from.number());
    connection.run(text, row);
  }
}

const BY_SEQ: Readonly<Record<string, string>> = {
  d: 'DELETE FROM date WHERE seq = ?',
  n: 'DELETE FROM number WHERE seq = ?',
  q: 'DELETE FROM quantity WHERE seq = ?',
  s: 'DELETE FROM string WHERE seq = ?',
  u: 'DELETE FROM uri WHERE seq = ?',
};

/** Makes a version unsearchable: it is superseded, deleted, or indexed anew. */
export function deleteRows(connection: Connection, seq: number, type: number, keptJson: string): void {
  const kept: Kept = JSON.parse(keptJson);
  for (const [param, code] of kept.t)
    connection.run('DELETE FROM token WHERE param = ? AND code = ? AND seq = ?', [param, code, seq]);
  for (const [param, target] of kept.r)
    connection.run('DELETE FROM reference WHERE param = ? AND target = ? AND seq = ?', [param, target, seq]);
  for (const [patient, code, high] of kept.l)
    connection.run('DELETE FROM timeline WHERE patient = ? AND type = ? AND code = ? AND high = ? AND seq = ?', [
      patient,
      type,
      code,
      high,
      seq,
    ]);
  for (const doc of kept.x ?? []) deleteText(connection, doc, seq);
  for (const letter of kept.k) connection.run(BY_SEQ[letter] ?? '', [seq]);
  connection.run('UPDATE version SET rows = NULL WHERE seq = ?', [seq]);
}
